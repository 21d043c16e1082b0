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
    const EN_EL_EJE = new Intl.NumberFormat("es-CO", { maximumFractionDigits: 1 });
    // Los demás colores, después de la marca: se distinguen del fondo al menos tres a uno, y los primeros, entre sí
    // también por quien confunde el rojo y el verde. El verde va después: lo que se venció no es una buena noticia.
    const CLAROS = ["#d97706", "#64748b", "#7c3aed", "#059669", "#dc2626", "#0891b2", "#a16207", "#db2777", "#4d7c0f"];
    const OSCUROS = ["#f59e0b", "#94a3b8", "#a78bfa", "#10b981", "#f87171", "#22d3ee", "#eab308", "#f472b6", "#84cc16"];
    const ANCHO_DE_LETRA = 15, RENGLON = { menor: 20, mayor: 44 };

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
            sueltos: oscuro ? OSCUROS : CLAROS,
        };
    }

    // Un nombre en uno o dos renglones, según lo ancho del dibujo: cortados, dos nombres distintos parecen el mismo.
    function enRenglones(texto, ancho) {
        const cabe = Math.min(Math.max(Math.round(ancho / ANCHO_DE_LETRA), RENGLON.menor), RENGLON.mayor);
        if (texto.length <= cabe) return texto;
        const corte = texto.lastIndexOf(" ", cabe);
        if (corte < 1) return texto.slice(0, cabe - 1) + "…";
        const resto = texto.slice(corte + 1);
        return [texto.slice(0, corte), resto.length > cabe ? resto.slice(0, cabe - 1) + "…" : resto];
    }

    function enElEje(valor, clase) {
        const numero = (Math.abs(valor) >= 10000 ? CORTO : EN_EL_EJE).format(valor);
        return clase === "pesos" ? "$ " + numero : clase === "porcentaje" ? numero + " %" : numero;
    }

    // La leyenda de una dona dice también cuánto es cada parte.
    function partes(grafico, datos) {
        const serie = datos.series[0], suma = serie.valores.reduce((total, valor) => total + (valor || 0), 0);
        return window.Chart.overrides.doughnut.plugins.legend.labels.generateLabels(grafico).map((parte) => {
            const valor = serie.valores[parte.index], de = suma ? " (" + escribir((valor * 100) / suma, "porcentaje") + ")" : "";
            return { ...parte, text: datos.rotulos[parte.index] + ": " + escribir(valor, serie.clase) + (serie.clase === "porcentaje" ? "" : de) };
        });
    }

    function series(datos, tonos) {
        const dona = datos.tipo === "dona";
        return datos.series.map((serie, n) => {
            const tinte = (n) => (n ? tonos.sueltos[(n - 1) % tonos.sueltos.length] : tonos.marca), color = tinte(n);
            const abanico = datos.rotulos.map((_, punto) => tinte(punto));
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
                cubicInterpolationMode: "monotone",
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
                callback: (valor) => enElEje(valor, clase) },
        };
        const nombres = {
            stacked: datos.apiladas,
            grid: { display: false },
            border: { color: tonos.raya },
            ticks: { color: tonos.texto, autoSkip: datos.tipo === "lineas", maxRotation: 0,
                callback(valor) { return enRenglones(this.getLabelForValue(valor), this.chart.width); } },
        };
        return datos.tipo === "barras" ? { x: valores, y: nombres } : { x: nombres, y: valores };
    }

    function leyenda(datos, tonos, ancho) {
        const rotulos = { color: tonos.texto, boxWidth: 12, boxHeight: 12 };
        if (datos.tipo !== "dona") return { display: datos.series.length > 1, position: "top", align: "start", labels: rotulos };
        return { position: ancho < 420 ? "bottom" : "right", labels: { ...rotulos, padding: 14, generateLabels: (grafico) => partes(grafico, datos) } };
    }

    function opciones(datos, tonos, ancho) {
        return {
            responsive: true,
            maintainAspectRatio: false,
            animation: false,
            indexAxis: datos.tipo === "barras" ? "y" : "x",
            cutout: datos.tipo === "dona" ? "62%" : undefined,
            interaction: { mode: datos.tipo === "dona" ? "nearest" : "index", intersect: datos.tipo === "dona", axis: datos.tipo === "barras" ? "y" : "x" },
            plugins: {
                legend: leyenda(datos, tonos, ancho),
                tooltip: { callbacks: { label: (punto) => " " + (datos.tipo === "dona" ? punto.label : punto.dataset.label) + ": " + escribir(punto.raw, punto.dataset.clase) } },
            },
            scales: ejes(datos, tonos),
        };
    }

    // Entre la leyenda y el eje cabe el número más alto.
    const AIRE = {
        id: "aire",
        beforeInit(grafico) {
            const leyenda = grafico.legend, medir = leyenda && leyenda.fit;
            if (!medir || leyenda.options.position !== "top") return;
            leyenda.fit = function () { medir.call(this); this.height += 8; };
        },
    };

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
            options: opciones(datos, tonos, lienzo.parentElement.clientWidth),
            plugins: [AIRE],
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
