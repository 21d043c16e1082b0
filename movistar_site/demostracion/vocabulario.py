"""Palabras con que se inventan clientes que a un colombiano le suenan: nombres, apellidos, direcciones y ciudades."""

from __future__ import annotations

# (nombre, veces que pesa): los más comunes salen más.
NOMBRES_MUJER = {
    "María": 14, "Luz": 7, "Ana": 9, "Sandra": 6, "Martha": 5, "Claudia": 6, "Diana": 7, "Paola": 6, "Andrea": 8,
    "Carolina": 7, "Adriana": 6, "Gloria": 5, "Blanca": 4, "Rosa": 4, "Nubia": 3, "Yolanda": 3, "Patricia": 6,
    "Liliana": 4, "Ángela": 6, "Natalia": 7, "Laura": 8, "Daniela": 8, "Valentina": 8, "Camila": 8, "Sofía": 6,
    "Juliana": 6, "Mónica": 5, "Yuliana": 3, "Leidy": 5, "Yésica": 4, "Luisa": 5, "Paula": 6, "Isabela": 4,
    "Mariana": 6, "Gabriela": 5, "Catalina": 5, "Viviana": 5, "Lina": 4, "Jimena": 2, "Esperanza": 3, "Begoña": 1,
    "Inés": 2, "Nayibe": 2, "Dayana": 4, "Xiomara": 2, "Ximena": 3, "Milena": 3, "Tatiana": 5, "Johana": 5, "Íngrid": 2,
}  # fmt: skip
NOMBRES_HOMBRE = {
    "José": 10, "Luis": 11, "Carlos": 11, "Juan": 13, "Jorge": 8, "Andrés": 9, "Jhon": 6, "Diego": 7, "Óscar": 6,
    "Camilo": 7, "Sebastián": 8, "Santiago": 8, "Nicolás": 7, "Felipe": 6, "Mauricio": 5, "Fernando": 5, "Germán": 4,
    "Jaime": 4, "Hernán": 3, "Álvaro": 3, "Édgar": 4, "Wilson": 4, "Fabián": 4, "Iván": 4, "Julián": 6, "Miguel": 7,
    "Daniel": 7, "David": 7, "Alejandro": 7, "Cristian": 6, "Brayan": 5, "Kevin": 4, "Jairo": 3, "Gustavo": 4,
    "Rafael": 4, "Ricardo": 5, "Víctor": 5, "Héctor": 4, "Néstor": 2, "Yeison": 4, "Duván": 3, "Martín": 4, "Tomás": 4,
    "Samuel": 5, "Matías": 4, "Edwin": 4, "Harold": 2, "Nelson": 3, "Rubén": 3, "Íñigo": 1,
}  # fmt: skip
SEGUNDOS_MUJER = (
    "Fernanda", "Alejandra", "Isabel", "Marcela", "Lucía", "Cristina", "Elena", "Eugenia", "Victoria", "Stella",
    "Milena", "del Pilar", "Mercedes", "Margarita", "Cecilia", "Paola", "Andrea", "Teresa", "Beatriz", "Amparo",
    "Constanza", "del Socorro", "Yaneth", "Helena", "Camila",
)  # fmt: skip
SEGUNDOS_HOMBRE = (
    "Andrés", "David", "Felipe", "Alberto", "Antonio", "Enrique", "Eduardo", "Fernando", "Camilo", "Esteban",
    "Alexánder",
    "Mauricio", "Alfonso", "Ernesto", "Iván", "José", "Manuel", "Javier", "Guillermo", "Augusto", "Stiven", "Ángel",
    "Hernando", "Darío", "Alejandro",
)  # fmt: skip
APELLIDOS = {
    "Rodríguez": 16, "Martínez": 11, "García": 12, "Gómez": 12, "López": 11, "González": 12, "Hernández": 10,
    "Sánchez": 10, "Ramírez": 10, "Díaz": 9, "Pérez": 9, "Torres": 8, "Rojas": 7, "Vargas": 7, "Moreno": 8,
    "Gutiérrez": 6,
    "Muñoz": 7, "Castro": 6, "Ortiz": 6, "Jiménez": 6, "Ruiz": 6, "Álvarez": 6, "Valencia": 5, "Romero": 5, "Suárez": 5,
    "Castillo": 5, "Herrera": 5, "Medina": 4, "Quintero": 5, "Cárdenas": 4, "Parra": 4, "Ospina": 4, "Restrepo": 5,
    "Arias": 4, "Mejía": 4, "Londoño": 4, "Giraldo": 4, "Zapata": 4, "Peña": 4, "Acosta": 4, "Osorio": 4, "Salazar": 4,
    "Rincón": 3, "Cortés": 4, "Bermúdez": 3, "Pineda": 3, "Vélez": 3, "Correa": 3, "Montoya": 4, "Bedoya": 3,
    "Franco": 3,
    "Guerrero": 3, "Delgado": 3, "Córdoba": 3, "Mosquera": 4, "Palacios": 3, "Rentería": 2, "Caicedo": 3, "Angulo": 2,
    "Ibáñez": 2, "Núñez": 3, "Ordóñez": 3, "Patiño": 3, "Niño": 2, "Avendaño": 2, "Cañón": 1, "Piñeros": 2, "Ríos": 3,
    "Vega": 3, "Duarte": 3, "Beltrán": 3, "Chaparro": 2, "Camargo": 3, "De la Hoz": 2, "Barrios": 3, "Polo": 2,
    "Pacheco": 3, "Orozco": 3, "Buelvas": 1, "Cuesta": 2, "Epiayú": 1, "Uribe": 2, "Echeverri": 2, "Jaramillo": 3,
    "Agudelo": 3, "Marulanda": 2, "Bustamante": 2, "Cifuentes": 2, "Forero": 3, "Galindo": 2, "Pulido": 2, "Triviño": 1,
    "Yepes": 2, "Zúñiga": 2,
}  # fmt: skip

EMPRESA_RAMO = (
    "Ferretería", "Panadería", "Droguería", "Distribuciones", "Transportes", "Confecciones", "Inversiones", "Papelería",
    "Consultores", "Autopartes", "Lácteos", "Café", "Constructora", "Comercializadora", "Agropecuaria", "Hotel",
    "Restaurante", "Clínica Dental", "Taller", "Muebles", "Textiles", "Logística", "Óptica", "Supermercado",
)  # fmt: skip
EMPRESA_NOMBRE = (
    "El Roble", "La Esperanza", "Los Andes", "El Cóndor", "San Jerónimo", "La Guaca", "El Trébol", "Aurora",
    "Sierra Alta",
    "Río Claro", "La Colina", "El Arrayán", "Buenavista", "Cordillera", "La Piñuela", "Los Yarumos", "El Guayacán",
    "Mirador del Sur", "La Ceiba", "Altiplano", "Punta Arena", "El Frailejón", "La Muñeca", "Tierra Firme", "Dos Ríos",
    "Nuevo Horizonte", "El Turpial", "La Orquídea", "Palmar", "Santa Águeda",
)  # fmt: skip
EMPRESA_FORMA = ("S. A. S.", "S. A. S.", "S. A. S.", "Ltda.", "S. A.", "y Cía. Ltda.", "E. U.")

VIAS = (
    "Calle",
    "Carrera",
    "Calle",
    "Carrera",
    "Cra.",
    "Cl.",
    "Diagonal",
    "Transversal",
    "Avenida Calle",
    "Avenida Carrera",
)
LETRAS = ("", "", "", "", "", "", "A", "B", " Bis", "C", " Sur", " Este")
COMPLEMENTOS = (
    "", "", "", "", "", "Apto 101", "Apto 203", "Apto 302", "Apto 404", "Apto 501", "Apto 602", "Casa 2", "Casa 7",
    "Casa 15", "Torre 1 Apto 504", "Torre 3 Apto 802", "Torre 5 Apto 1103", "Interior 4", "Piso 2", "Local 3",
    "Manzana C Casa 8", "Bloque 2 Apto 301",
)  # fmt: skip
BARRIOS = (
    "", "", "", "", "Barrio Centro", "Barrio La Esperanza", "Barrio San José", "Barrio El Prado",
    "Barrio Villa del Río",
    "Barrio Santa Bárbara", "Barrio Los Álamos", "Barrio La Floresta", "Barrio El Jardín", "Barrio Niño Jesús",
    "Urbanización Los Cerezos", "Conjunto Portal del Sol", "Barrio Veinte de Julio", "Barrio Las Américas",
)  # fmt: skip
VEREDAS = (
    "Vereda El Carmen", "Vereda La Unión", "Vereda San Isidro", "Vereda Alto Bonito", "Vereda La Cañada",
    "Vereda Guayabal",
    "Vereda El Rosal", "Vereda Peñas Blancas", "Vereda Agua Clara", "Vereda La Palma",
)  # fmt: skip
DOMINIOS = ("example.co", "example.co", "example.com")

# Habitantes, en miles y redondeados: sirven solo de peso. Los demás municipios pesan PESO_DE_PUEBLO.
HABITANTES = {
    "11001": 7900, "05001": 2600, "76001": 2280, "08001": 1330, "13001": 1060, "54001": 800, "25754": 810, "08758": 680,
    "73001": 540, "47001": 560, "68001": 620, "50001": 560, "66001": 480, "23001": 520, "05088": 560, "20001": 550,
    "17001": 460, "52001": 410, "41001": 370, "63001": 310, "19001": 330, "70001": 310, "05360": 300, "76520": 360,
    "68276": 320, "76109": 320, "44001": 210, "15001": 185, "85001": 190, "18001": 180, "27001": 145, "25175": 160,
    "25286": 150, "25473": 145, "25290": 140, "76834": 220, "76111": 130, "68307": 170, "68081": 210, "66170": 220,
    "05266": 245, "05615": 150, "05045": 130, "05631": 85, "52835": 260, "52356": 120, "15759": 135, "15238": 125,
    "20011": 110, "44430": 190, "13430": 150, "47189": 135, "08433": 135, "23417": 120, "81001": 100, "86568": 70,
    "95001": 60, "91001": 50, "99001": 22, "94001": 33, "97001": 34, "88001": 60, "25899": 140, "25307": 115,
    "41551": 130,
}  # fmt: skip
PESO_DE_PUEBLO = 14
CAPITALES_DE_DEPARTAMENTO = frozenset(codigo for codigo in HABITANTES if codigo.endswith("001"))
