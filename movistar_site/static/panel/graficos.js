// Los gráficos de los reportes y del tablero. Cada <canvas data-grafico="id"> se dibuja, con Chart.js, de los datos que
// lleva el <script type="application/json"> de ese id. Los colores salen de la marca y cambian con el aspecto.
(function () {
    "use strict";

    const FORMATOS = {
        entero: new Intl.NumberFormat("es-CO", { maximumFractionDigits: 0 }),
        decimal: new Intl.NumberFormat("es-CO", { minimumFractionDigits: 1, maximumFractionDigits: 1 }),
        pesos: new Intl.NumberFormat("es-CO", { maximumFractionDigits: 0 }),
    };
    const CORTO = new Intl.NumberFormat("es-CO", { notation: "compact", maximumFractionDigits: 1 });
    const SUELTOS = ["#d97706", "#059669", "#7c3aed", "#dc2626", "#0891b2", "#ca8a04", "#db2777", "#65a30d", "#64748b"];

    function escribir(valor, clase) {
        if (valor === null || valor === undefined) return "sin dato";
        if (clase === "pesos") return "$ " + FORMATOS.pesos.format(valor);
        if (clase === "porcentaje") return FORMATOS.decimal.format(valor) + " %";
        return (FORMATOS[clase] || FORMATOS.decimal).format(valor);
    }

    function tono(nombre, otro) {
        return getComputedStyle(document.documentElement).getPropertyValue(nombre).trim() || otro;
    }

    function colores() {
        const oscuro = document.documentElement.classList.contains("dark");
        return {
            marca: tono(oscuro ? "--color-primary-500" : "--color-primary-600", "#0b6fb8"),
            texto: tono(oscuro ? "--color-base-300" : "--color-base-600", oscuro ? "#d1d5db" : "#4b5563"),
            raya: oscuro ? "rgba(255,255,255,.1)" : "rgba(0,0,0,.08)",
            fondo: oscuro ? "#111827" : "#ffffff",
        };
    }

    function series(datos, tonos) {
        const dona = datos.tipo === "dona";
        return datos.series.map((serie, n) => {
            const color = n ? SUELTOS[(n - 1) % SUELTOS.length] : tonos.marca;
            const abanico = datos.rotulos.map((_, punto) => (punto ? SUELTOS[(punto - 1) % SUELTOS.length] : tonos.marca));
            return {
                label: serie.nombre,
                data: serie.valores,
                clase: serie.clase,
                backgroundColor: dona ? abanico : color,
                borderColor: dona ? tonos.fondo : color,
                borderWidth: datos.tipo === "barras" ? 0 : 2,
                borderRadius: datos.tipo === "barras" ? 4 : 0,
                maxBarThickness: 26,
                pointRadius: datos.rotulos.length > 40 ? 0 : 3,
                tension: 0.25,
            };
        });
    }

    function ejes(datos, tonos) {
        if (datos.tipo === "dona") return {};
        const clase = datos.series[0].clase;
        const valores = {
            beginAtZero: true,
            stacked: datos.apiladas,
            grid: { color: tonos.raya },
            border: { display: false },
            ticks: { color: tonos.texto, precision: clase === "entero" ? 0 : undefined, maxTicksLimit: 6,
                callback: (valor) => (clase === "pesos" ? "$ " : "") + (Math.abs(valor) >= 10000 ? CORTO.format(valor) : escribir(valor, clase === "pesos" ? "entero" : clase)) },
        };
        const nombres = {
            stacked: datos.apiladas,
            grid: { display: false },
            border: { color: tonos.raya },
            ticks: { color: tonos.texto, autoSkip: datos.tipo === "lineas", maxRotation: 0,
                callback(valor) { const texto = this.getLabelForValue(valor); return texto.length > 26 ? texto.slice(0, 25) + "…" : texto; } },
        };
        return datos.tipo === "barras" ? { x: valores, y: nombres } : { x: nombres, y: valores };
    }

    function opciones(datos, tonos) {
        return {
            responsive: true,
            maintainAspectRatio: false,
            animation: false,
            indexAxis: datos.tipo === "barras" ? "y" : "x",
            cutout: datos.tipo === "dona" ? "62%" : undefined,
            interaction: { mode: datos.tipo === "dona" ? "nearest" : "index", intersect: datos.tipo === "dona", axis: datos.tipo === "barras" ? "y" : "x" },
            plugins: {
                legend: { display: datos.series.length > 1 || datos.tipo === "dona", position: datos.tipo === "dona" ? "right" : "top", align: "start", labels: { color: tonos.texto, boxWidth: 12, boxHeight: 12 } },
                tooltip: { callbacks: { label: (punto) => " " + (datos.tipo === "dona" ? punto.label : punto.dataset.label) + ": " + escribir(punto.raw, punto.dataset.clase) } },
            },
            scales: ejes(datos, tonos),
        };
    }

    function dibujar(lienzo) {
        const guion = document.getElementById(lienzo.dataset.grafico);
        if (!guion || !window.Chart) return;
        const datos = JSON.parse(guion.textContent), tonos = colores();
        const anterior = window.Chart.getChart(lienzo);
        if (anterior) anterior.destroy();
        window.Chart.defaults.font.family = getComputedStyle(document.body).fontFamily;
        new window.Chart(lienzo, {
            type: { barras: "bar", lineas: "line", dona: "doughnut" }[datos.tipo],
            data: { labels: datos.rotulos, datasets: series(datos, tonos) },
            options: opciones(datos, tonos),
        });
    }

    function todos() {
        document.querySelectorAll("canvas[data-grafico]").forEach(dibujar);
    }

    document.addEventListener("DOMContentLoaded", () => {
        document.fonts.ready.then(todos);
        new MutationObserver(todos).observe(document.documentElement, { attributes: true, attributeFilter: ["class"] });
    });
})();
