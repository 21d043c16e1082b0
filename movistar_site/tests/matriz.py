"""Lo esperado: quién ve, agrega, modifica, borra, importa, exporta y hace cada cosa. No mira roles.py."""

from __future__ import annotations

# A administrador, G agente de atención, V asesor de ventas, N analista.
PAPELES = {"A": "Administrador", "G": "Agente de atención", "V": "Asesor de ventas", "N": "Analista"}

# Quién ve, agrega, modifica, borra, importa y exporta.
VERBOS = ("ver", "agregar", "modificar", "borrar", "importar", "exportar")
MODELOS: dict[str, tuple[str, str, str, str, str, str]] = {
    "servicios.tiposervicio": ("AGVN", "A", "A", "A", "A", "AN"),
    "servicios.servicio": ("AGVN", "A", "A", "A", "A", "AN"),
    "servicios.promocion": ("AGVN", "A", "A", "A", "A", "AN"),
    "clientes.departamento": ("AGVN", "A", "A", "A", "A", "AN"),
    "clientes.municipio": ("AGVN", "A", "A", "A", "A", "AN"),
    "clientes.cliente": ("AGVN", "AGV", "AGV", "A", "A", "AN"),
    "clientes.contrato": ("AGVN", "AGV", "AGV", "A", "A", "AN"),
    "clientes.interaccion": ("AGVN", "AGV", "AG", "A", "A", "AN"),
    "clientes.consentimiento": ("AGVN", "AGV", "AGV", "A", "A", "AN"),
    "clientes.motivointeraccion": ("AGVN", "A", "A", "A", "", ""),
    "clientes.canalatencion": ("AGVN", "A", "A", "A", "", ""),
    "clientes.equipo": ("AGVN", "A", "A", "A", "", ""),
    "clientes.plantillarespuesta": ("AGVN", "A", "A", "A", "", ""),
    "clientes.silenciopositivo": ("AGN", "", "", "", "", ""),
    # Derivaciones.
    "bonificaciones.derivacion": ("AGVN", "", "", "", "", "AN"),
    "bonificaciones.asesor": ("AGVN", "A", "A", "A", "", ""),
    "bonificaciones.reglaoferta": ("AGVN", "A", "A", "A", "", ""),
    "bonificaciones.oferta": ("AGVN", "", "", "", "", "AN"),
    "clientes.contacto": ("AGVN", "", "", "", "", "AN"),
    "bonificaciones.programa": ("AGVN", "A", "A", "A", "", ""),
    "bonificaciones.bonificacion": ("AGVN", "", "", "", "", "AN"),
    "bonificaciones.corrida": ("AN", "", "", "", "", ""),
    "clientes.cargarne": ("AN", "A", "", "", "", ""),
    # Segmentos
    "bonificaciones.segmento": ("AGVN", "A", "A", "A", "", ""),
    "comun.festivo": ("AGN", "A", "A", "A", "", ""),
    "comun.parametro": ("AN", "A", "A", "", "", ""),
    "comun.usuario": ("A", "A", "A", "", "", ""),
    "comun.exportacion": ("AN", "", "", "", "", ""),
    "auth.group": ("A", "A", "A", "", "", ""),
    "django_tasks_database.dbtaskresult": ("A", "", "", "", "", ""),
    "axes.accessattempt": ("A", "", "", "", "", ""),
}
# Lo que se ve pero no se agrega, modifica ni borra a mano, aunque el papel tenga el permiso del modelo.
SIN_BORRAR = {"clientes.consentimiento"}
# El final del nombre de la dirección → el verbo que la abre.
DIRECCIONES = {
    "changelist": "ver",
    "add": "agregar",
    "change": "ver",
    "history": "ver",
    "simple_history": "ver",
    "delete": "borrar",
    "import": "importar",
    "export": "exportar",
}
# Las que no son de un modelo.
SUELTAS = {
    "index": "AGVN",
    "search": "AGVN",
    "password_change": "AGVN",
    "password_change_done": "AGVN",
    "jsi18n": "AGVN",
    "importar_datos": "A",
    "importaciones": "A",
    "exportar_datos": "AN",
    "posibles_duplicados": "AGN",
    "fusiones": "AGN",
    "entrar_a_la_bandeja": "AGVN",
    "avisos": "AGVN",
    # Derivaciones.
    "entrar_a_las_derivaciones": "AGVN",
    "carga_de_asesores": "AN",
    # --- Ofertas
    "probar_reglas": "AGVN",
    "sugerencias": "AVN",
    # Segmentos
    "segmento_de_la_lista": "A",
    # Programas.
    "aniversarios": "AGVN",
    # Envíos programados: cada quien los suyos.
    "envios": "AGVN",
    "nuevo_envio": "AGVN",
    # Reportes.
    "reportes": "AGVN",
    # Tablero.
    "personalizar_tablero": "AGVN",
}
ABIERTAS = {"login", "logout", "salud"}
# Con su propia prueba más abajo o con argumentos que no son de un registro.
APARTE = {"plantilla_de_importacion", "autocomplete", "app_list", "view_on_site", "auth_user_password_change",
          "bandeja", "abrir_aviso", "leer_avisos", "guardar_vista", "cambiar_vista",
          "bandeja_de_derivaciones", "contar_segmento", "cuenta_de_segmento", "muestra_de_segmento",
          "alcance_de_programa", "alcance_de_promocion",
          # Envíos programados: test_permisos_de_envios.py
          "envio", "editar_envio", "borrar_envio", "hacer_con_envio",
          "reporte", "filas_de_reporte", "descargar_reporte"}  # fmt: skip
# Cada reporte: quién lo abre y quién se lo lleva en un archivo.
DE_REPORTE = {
    "popularidad": ("AGVN", "AGVN"),
    "servicios-ofrecidos": ("AGVN", "AGVN"),
    "clientes-por-servicio": ("AGVN", "AN"),
    "combinaciones": ("AGVN", "AGVN"),
    "clientes-por-categoria": ("AGVN", "AGVN"),
    "clientes-por-permanencia": ("AGVN", "AGVN"),
    "clientes-por-lugar": ("AGVN", "AGVN"),
    "crecimiento": ("AGVN", "AGVN"),
    "atencion": ("AGVN", "AGVN"),
    "reclamaciones-por-mil": ("AGVN", "AGVN"),
    "silencios": ("AGN", "AN"),
    "fidelizacion-programas": ("AGVN", "AGVN"),
    "fidelizacion-bonificaciones": ("AGVN", "AGVN"),
    "fidelizacion-lealtad": ("AGVN", "AGVN"),
    # Cómo le va a cada asesor lo mira quien los dirige.
    "fidelizacion-asesores": ("AN", "AN"),
    "ofertas": ("AGVN", "AGVN"),
    "promociones": ("AGVN", "AGVN"),
}
# Cada bandeja: quién la abre y quién hace en ella cada cosa con los casos elegidos.
BANDEJAS = {slug: ("AGVN", {"asignar": "AG", "responder": "AG"}) for slug in
            ("mias", "mi-equipo", "sin-asignar", "vencen-hoy", "esta-semana", "vencidas")} | {
    "silencio": ("AGN", {"cumplir-silencio": "AG", "asignar": "AG", "responder": "AG"}),
    "por-enviar-a-la-sic": ("AGVN", {"sic": "AG"}),
}  # fmt: skip
# Cada bandeja de derivaciones: quién la abre; y quién pasa en ella las elegidas a otro asesor.
DERIVACIONES = {
    "mias": "V",
    "para-despues": "AGVN",
    "esta-semana": "AGVN",
    "vencidas": "AGVN",
    "detenidas": "AGVN",
    "sin-asesor": "A",
    "todas": "AGVN",
}
# Las de una derivación que no son su pantalla: quién la mira y quién hace algo en ella.
DE_DERIVACION = {"pagina_de_derivacion": "AGVN", "hacer_con_derivacion": "AV"}
# Las de un programa y de una corrida que no son su pantalla. El alcance lo ve quien edita programas.
DE_PROGRAMA = {"correr_programa": "A", "corrida_de_fidelizacion": "AN"}
# Las de una importación: quien no puede importar recibe un 404, como si no existiera.
DE_IMPORTACION = {
    "importacion": "A",
    "avance_de_importacion": "A",
    "mapa_de_importacion": "A",
    "guardar_mapa_de_importacion": "A",
    "registro_de_importacion": "A",
    "rechazados_de_importacion": "A",
    "avisos_de_importacion": "A",
    "deshacer_importacion": "A",
    "hacer_con_importacion": "A",
}
# Las de un cliente que no son de su pantalla.
DE_CLIENTE = {"ficha_de_cliente": "AGVN"}
# Las de una lista de números excluidos que no son su pantalla.
DE_LISTA_RNE = {"avance_del_rne": "AN"}
# Presentar una oferta: la prueba bonificaciones/tests/test_pantalla_ofertas.py, que sabe qué regla le toca a quién.
DE_OFERTA = {"presentar_oferta": "AGV"}
# Las de una fusión: qué argumentos llevan y quién las abre.
DE_FUSION = {"fusionar_cliente": "A", "comparar_fichas": "A", "deshacer_fusion": "A"}
# Las de un caso que no son su pantalla.
DE_CASO = {
    "constancia": "AGVN",
    "constancia_pdf": "AGVN",
    "adjunto": "AGVN",
    "texto_de_plantilla": "AG",
}
# Las acciones de cada pantalla (comun.acciones): quién las puede hacer.
ACCIONES = {
    ("servicios.tiposervicio", "desactivar"): "A",
    ("servicios.tiposervicio", "activar"): "A",
    ("servicios.servicio", "precio"): "A",
    ("servicios.servicio", "retirar"): "A",
    ("servicios.servicio", "reactivar"): "A",
    ("servicios.promocion", "desactivar"): "A",
    ("servicios.promocion", "activar"): "A",
    ("clientes.cliente", "asignar-categoria"): "AGV",
    ("clientes.cliente", "liberar-categoria"): "AGV",
    ("clientes.cliente", "desactivar"): "AGV",
    ("clientes.cliente", "reactivar"): "AGV",
    ("clientes.cliente", "contactar"): "AGV",
    ("clientes.cliente", "no-contactar"): "AGV",
    ("clientes.cliente", "anonimizar"): "A",
    ("clientes.contacto", "cerrar"): "AGV",
    ("clientes.contrato", "activar"): "AGV",
    ("clientes.contrato", "suspender"): "AGV",
    ("clientes.contrato", "reanudar"): "AGV",
    ("clientes.contrato", "terminar"): "AGV",
    ("clientes.contrato", "cambiar-plan"): "AGV",
    ("clientes.contrato", "anular-cambio"): "AGV",
    ("clientes.contrato", "ceder"): "AGV",
    ("clientes.interaccion", "tomar"): "AG",
    ("clientes.interaccion", "responder"): "AG",
    ("clientes.interaccion", "asignar"): "AG",
    ("clientes.interaccion", "prorrogar"): "AG",
    ("clientes.interaccion", "borrador"): "AG",
    ("clientes.interaccion", "recurso"): "AGV",
    ("clientes.interaccion", "sic"): "AG",
    ("clientes.interaccion", "cumplir-silencio"): "AG",
    ("clientes.interaccion", "anotar"): "AGV",
    ("clientes.interaccion", "adjuntar"): "AGV",
    ("clientes.interaccion", "relacionar"): "AG",
    ("clientes.interaccion", "desligar"): "AG",
    ("clientes.consentimiento", "revocar"): "AGV",
    ("clientes.motivointeraccion", "retirar"): "A",
    ("clientes.motivointeraccion", "reactivar"): "A",
    ("clientes.canalatencion", "retirar"): "A",
    ("clientes.canalatencion", "reactivar"): "A",
    ("clientes.equipo", "desactivar"): "A",
    ("clientes.equipo", "activar"): "A",
    ("clientes.plantillarespuesta", "desactivar"): "A",
    ("clientes.plantillarespuesta", "activar"): "A",
    ("bonificaciones.derivacion", "reasignar"): "A",
    ("bonificaciones.derivacion", "anular"): "A",
    ("bonificaciones.reglaoferta", "desactivar"): "A",
    ("bonificaciones.reglaoferta", "activar"): "A",
    ("bonificaciones.oferta", "aceptar"): "AGV",
    ("bonificaciones.oferta", "rechazar"): "AGV",
    # Segmentos
    ("bonificaciones.segmento", "desactivar"): "A",
    ("bonificaciones.segmento", "activar"): "A",
    ("bonificaciones.programa", "desactivar"): "A",
    ("bonificaciones.programa", "activar"): "A",
    ("bonificaciones.bonificacion", "anular"): "A",
    ("comun.usuario", "desactivar"): "A",
    ("comun.usuario", "activar"): "A",
    ("axes.accessattempt", "desbloquear"): "A",
}
