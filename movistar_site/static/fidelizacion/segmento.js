// La cuenta de un segmento mientras se escribe: cualquier cambio del formulario la pide otra vez.
(function () {
    "use strict";

    document.addEventListener("DOMContentLoaded", () => {
        const vivo = document.getElementById("segmento-vivo");
        const formulario = vivo && vivo.closest("form");
        if (!formulario) return;
        const PROPIOS = new Set(["nombre", "descripcion", "promociones"]);
        const recontar = (evento) => {
            if (!evento.target.name || PROPIOS.has(evento.target.name)) return;
            vivo.dispatchEvent(new CustomEvent("recontar"));
        };
        // Donde cabe al lado, la muestra se abre sola.
        vivo.addEventListener("htmx:afterSwap", () => {
            const muestra = vivo.querySelector("details");
            if (muestra) muestra.open = window.matchMedia("(min-width: 1100px)").matches;
        });
        formulario.addEventListener("input", recontar);
        formulario.addEventListener("change", recontar);
        // Los selectores con buscador avisan por jQuery y no por el navegador.
        if (window.django && window.django.jQuery) window.django.jQuery(formulario).on("change", "select", recontar);
    });
})();
