// Lo que a Unfold le falta para quien usa teclado o lector de pantalla: sus botones hechos de «span» se alcanzan con el
// tabulador y se accionan con Enter o Espacio, los iconos no se leen y los mandos sin texto llevan nombre.
(function () {
    "use strict";

    const NOMBRES = {
        dock_to_right: "Mostrar u ocultar el menú",
        close: "Cerrar",
        unfold_more: "Cuenta y apariencia",
        more_horiz: "Más acciones",
        filter_list: "Filtros",
        computer: "Cambiar el aspecto",
        light_mode: "Cambiar el aspecto",
        dark_mode: "Cambiar el aspecto",
        search: "Buscar",
        arrow_circle_down: "Invertir el orden",
        arrow_circle_up: "Invertir el orden",
        cancel: "Quitar el orden",
        expand_more: "Desplegar",
        chevron_right: "Desplegar",
        more_vert: "Agregar, cambiar o ver lo relacionado",
        add: "Agregar",
        edit: "Modificar",
        delete: "Borrar",
        visibility: "Ver",
        arrow_back: "Volver",
        arrow_upward: "Subir",
    };
    const ACCIONABLE = "a, button, input, select, textarea, summary, [tabindex]";

    function texto(elemento) {
        const copia = elemento.cloneNode(true);
        copia.querySelectorAll(".material-symbols-outlined, kbd").forEach((icono) => icono.remove());
        if (copia.classList.contains("material-symbols-outlined")) return "";
        return copia.textContent.trim();
    }

    function icono(elemento) {
        const simbolo = elemento.matches(".material-symbols-outlined") ? elemento : elemento.querySelector(".material-symbols-outlined");
        return simbolo ? simbolo.textContent.trim() : "";
    }

    function nombrar(elemento) {
        if (elemento.hasAttribute("aria-label") || texto(elemento)) return;
        const nombre = elemento.title || (elemento.getAttribute("href") === "/" ? "Ir al tablero" : NOMBRES[icono(elemento)]);
        if (nombre) elemento.setAttribute("aria-label", nombre);
    }

    function hacerBoton(elemento) {
        if (elemento.dataset.teclado || elemento.id === "changelist-filter-close") return;
        if (elemento.matches("button, input, select, textarea") || elemento.matches("a[href]")) return;
        elemento.dataset.teclado = "1";
        if (!elemento.matches(ACCIONABLE) || elemento.matches("a:not([href])")) {
            if (elemento.querySelector("a[href], button, input")) return;
            elemento.tabIndex = 0;
            elemento.setAttribute("role", "button");
        }
        elemento.addEventListener("keydown", (evento) => {
            if (evento.target === elemento && (evento.key === "Enter" || evento.key === " ")) {
                evento.preventDefault();
                elemento.click();
            }
        });
        nombrar(elemento);
    }

    function nombreDeCampo(campo) {
        if (campo.labels && campo.labels.length) return campo.labels[0].textContent.replace("*", "").trim();
        const celda = campo.closest("td");
        const tabla = celda && celda.closest("table");
        const encabezado = tabla && tabla.querySelectorAll("thead th")[celda.cellIndex];
        return campo.placeholder || (celda && celda.dataset.label) || (encabezado && encabezado.textContent.trim()) || campo.title || "";
    }

    function nombrarCampos(raiz) {
        raiz.querySelectorAll("input:not([type=hidden]):not([aria-label]), select:not([aria-label]), textarea:not([aria-label])").forEach((campo) => {
            if (campo.labels && campo.labels.length) return;
            const nombre = nombreDeCampo(campo);
            if (nombre) campo.setAttribute("aria-label", nombre);
        });
        raiz.querySelectorAll(".select2-results__message[role=alert]").forEach((aviso) => {
            aviso.setAttribute("role", "option");
            aviso.setAttribute("aria-disabled", "true");
        });
        // Select2 dibuja su propio campo y no le pone el nombre del que reemplaza.
        raiz.querySelectorAll(".select2-container").forEach((caja) => {
            const original = caja.previousElementSibling;
            const nombre = original && original.matches("select") ? nombreDeCampo(original) || original.getAttribute("aria-label") : "";
            const partes = caja.querySelectorAll(".select2-selection, .select2-search__field");
            partes.forEach((parte) => parte.hasAttribute("aria-label") || parte.setAttribute("aria-label", nombre || "Buscar"));
            // La lista abierta se anuncia con el atributo de hoy, y «no hay resultados» es una línea suya más.
            const propia = caja.querySelector(".select2-selection[aria-owns]");
            if (propia) propia.setAttribute("aria-controls", propia.getAttribute("aria-owns"));
            // El nombre del campo y luego lo elegido: Select2 solo dice lo elegido.
            const caraVisible = caja.querySelector(".select2-selection--single");
            const elegido = caja.querySelector(".select2-selection__rendered[id]");
            if (!caraVisible || !elegido || caraVisible.dataset.nombrada) return;
            caraVisible.dataset.nombrada = "1";
            caraVisible.id = caraVisible.id || `${elegido.id}-campo`;
            caraVisible.setAttribute("aria-labelledby", `${caraVisible.id} ${elegido.id}`);
            // Lo elegido es un texto dentro de la lista, no otro campo.
            elegido.removeAttribute("role");
            elegido.removeAttribute("aria-readonly");
        });
    }

    function alinear(raiz) {
        raiz.querySelectorAll("#result_list thead th.panel-derecha").forEach((encabezado) => {
            raiz.querySelectorAll(`#result_list tbody tr.data-row > :nth-child(${encabezado.cellIndex + 1})`).forEach((celda) => celda.classList.add("panel-derecha"));
        });
        raiz.querySelectorAll("#result_list [data-label]").forEach((celda) => {
            celda.dataset.label = celda.dataset.label.charAt(0).toUpperCase() + celda.dataset.label.slice(1);
        });
    }

    // Unfold escribe en la caja el nombre del primer archivo; si son varios, se dicen todos.
    document.addEventListener("change", (evento) => {
        const campo = evento.target;
        if (!campo.matches || !campo.matches("input[type=file][multiple]") || !campo.files.length) return;
        const caja = campo.closest("label") && campo.closest("label").querySelector("input[type=text]");
        if (caja) caja.value = Array.from(campo.files, (archivo) => archivo.name).join(", ");
    });

    // Django y Unfold cargan cada uno su copia de Select2 y el español queda en la que no se usa: se lo da aquí.
    function enEspanol() {
        const select2 = window.django && window.django.jQuery && window.django.jQuery.fn.select2;
        if (!select2) return;
        try {
            select2.defaults.set("language", select2.amd.require("select2/i18n/es"));
        } catch {
            // Sin su archivo de idioma las listas funcionan igual.
        }
    }

    function repasar(raiz) {
        nombrarCampos(raiz);
        raiz.querySelectorAll("[x-on\\:click]").forEach(hacerBoton);
        raiz.querySelectorAll("a, button").forEach(nombrar);
        // El dibujo del calendario y del reloj sale de la hoja de estilo: sin esto se lee «calendar_today».
        raiz.querySelectorAll(".datetimeshortcuts a:not([aria-label]) > [title]").forEach((dibujo) => dibujo.parentElement.setAttribute("aria-label", dibujo.title));
        raiz.querySelectorAll(".material-symbols-outlined:not([x-on\\:click]):not([aria-hidden])").forEach((simbolo) => simbolo.setAttribute("aria-hidden", "true"));
        // Una zona que se desplaza y no tiene nada que enfocar se alcanza también con el tabulador.
        raiz.querySelectorAll(".simplebar-content-wrapper").forEach((zona) => zona.setAttribute("aria-label", "Zona desplazable"));
    }

    // Un menú abierto se cierra con Escape, al oprimir fuera y al abrir otro.
    function abiertos() {
        return document.querySelectorAll(":is(details.panel-menu, details.tablero-que-es)[open]");
    }

    document.addEventListener("click", (evento) => {
        abiertos().forEach((menu) => { if (!menu.contains(evento.target)) menu.open = false; });
    });
    document.addEventListener("keydown", (evento) => {
        if (evento.key !== "Escape") return;
        abiertos().forEach((menu) => { menu.open = false; menu.querySelector("summary").focus(); });
    });

    document.addEventListener("DOMContentLoaded", () => {
        enEspanol();
        repasar(document);
        alinear(document);
        let pendiente = false;
        new MutationObserver(() => {
            if (pendiente) return;
            pendiente = true;
            requestAnimationFrame(() => { pendiente = false; repasar(document); });
        }).observe(document.body, { childList: true, subtree: true });
    });
})();
