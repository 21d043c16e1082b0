// El editor de un programa: deja a la vista solo lo que el beneficio y el cálculo usan, arma los escalones y pide de
// nuevo lo que alcanza cuando algo cambia. Sin JavaScript se ve todo y el servidor toma lo que corresponde.
(function () {
    "use strict";

    const ESPERA = 600;
    const UNIDADES = { porcentaje: "%", valor: "pesos", datos_extra: "GB", meses_gratis: "meses" };
    const SIN_CANTIDAD = ["servicio", "equipo"];

    function linea(nombre) {
        return document.querySelector(`.field-line.field-${nombre}`);
    }

    function mostrar(nombre, si) {
        const una = linea(nombre);
        if (!una) return;
        una.hidden = !si;
        const fila = una.closest(".form-row");
        if (fila) fila.hidden = !fila.querySelector(".field-line:not([hidden])");
    }

    function ajustar(beneficio, calculo) {
        const fijo = SIN_CANTIDAD.includes(beneficio.value);
        const escalones = !fijo && calculo.value === "escalones";
        const deLaFactura = calculo.querySelector('option[value="factura"]');
        if (deLaFactura) deLaFactura.disabled = beneficio.value !== "valor";
        mostrar("calculo", !fijo);
        mostrar("cantidad", !fijo && !escalones);
        mostrar("escalones", escalones);
        mostrar("servicio", beneficio.value === "servicio");
        mostrar("equipo", beneficio.value === "equipo");
        mostrar("costo_unitario", ["datos_extra", "equipo"].includes(beneficio.value));
        mostrar("meses", beneficio.value !== "meses_gratis");
        const unidad = calculo.value === "factura" ? "% de la factura" : UNIDADES[beneficio.value] || "";
        document.querySelectorAll("[data-escalon] [data-unidad]").forEach((donde) => { donde.textContent = unidad; });
        const rotulo = document.querySelector('label[for="id_cantidad"]');
        if (rotulo) rotulo.firstChild.textContent = unidad ? `Cantidad (${unidad}) ` : "Cantidad ";
    }

    function armarEscalones(caja, avisar) {
        const agregar = caja.querySelector("[data-agregar-escalon]");
        const molde = caja.querySelector("[data-escalon]").cloneNode(true);
        molde.querySelectorAll("input").forEach((campo) => { campo.value = ""; });
        caja.querySelectorAll("[data-escalon]").forEach((fila) => {
            if (Array.from(fila.querySelectorAll("input")).every((campo) => !campo.value)) fila.remove();
        });
        function poner() {
            const nueva = molde.cloneNode(true);
            nueva.querySelector("[data-quitar-escalon]").hidden = false;
            caja.insertBefore(nueva, agregar);
            return nueva;
        }
        caja.querySelectorAll("[data-quitar-escalon]").forEach((boton) => { boton.hidden = false; });
        if (!caja.querySelector("[data-escalon]")) poner();
        agregar.hidden = false;
        agregar.addEventListener("click", () => { poner().querySelector("input").focus(); avisar(false); });
        caja.addEventListener("click", (evento) => {
            const boton = evento.target.closest("[data-quitar-escalon]");
            if (!boton) return;
            boton.closest("[data-escalon]").remove();
            if (!caja.querySelector("[data-escalon]")) poner();
            avisar(true);
        });
    }

    document.addEventListener("DOMContentLoaded", () => {
        const formulario = document.getElementById("programa_form");
        const beneficio = document.getElementById("id_beneficio");
        const calculo = document.getElementById("id_calculo");
        if (!formulario || !beneficio || !calculo) return;
        const alcance = document.getElementById("alcance");
        let espera = 0;
        function cambio(recalcular) {
            ajustar(beneficio, calculo);
            if (!alcance || recalcular === false) return;
            clearTimeout(espera);
            espera = setTimeout(() => window.htmx.trigger(alcance, "actualizar-alcance"), ESPERA);
        }
        const caja = formulario.querySelector("[data-escalones]");
        if (caja) armarEscalones(caja, cambio);
        formulario.addEventListener("input", () => cambio());
        formulario.addEventListener("change", () => cambio());
        // Las listas que se buscan (Select2) avisan con el jQuery de Django y no con un suceso del navegador.
        if (window.django && window.django.jQuery) window.django.jQuery(formulario).on("change", "select", () => cambio());
        ajustar(beneficio, calculo);
    });
})();
