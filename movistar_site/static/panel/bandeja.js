// La bandeja: elegir todos los de la página, contar los elegidos y abrir el caso oprimiendo su fila.
(function () {
    "use strict";

    document.addEventListener("DOMContentLoaded", () => {
        const lista = document.getElementById("bandeja");
        if (lista) {
            const todos = Array.from(lista.querySelectorAll("[data-elegir-todos]"));
            const casillas = Array.from(lista.querySelectorAll("tbody .bandeja-elegir input"));
            const botones = Array.from(lista.querySelectorAll(".bandeja-acciones button"));
            const cuenta = document.getElementById("elegidos-cuenta");

            function contar() {
                const elegidos = casillas.filter((casilla) => casilla.checked).length;
                casillas.forEach((casilla) => casilla.closest("tr").classList.toggle("bandeja-elegida", casilla.checked));
                todos.forEach((uno) => {
                    uno.checked = elegidos > 0 && elegidos === casillas.length;
                    uno.indeterminate = elegidos > 0 && elegidos < casillas.length;
                });
                const que = cuenta && cuenta.dataset;
                if (cuenta) cuenta.textContent = elegidos === 0 ? que.ninguno : `${elegidos} ${elegidos === 1 ? que.uno : que.varios}`;
                botones.forEach((boton) => { boton.disabled = elegidos === 0; });
            }

            todos.forEach((uno) => uno.addEventListener("change", () => { casillas.forEach((casilla) => { casilla.checked = uno.checked; }); contar(); }));
            casillas.forEach((casilla) => casilla.addEventListener("change", contar));
            lista.querySelectorAll("tr[data-enlace]").forEach((fila) => {
                fila.addEventListener("click", (evento) => {
                    if (evento.target.closest("a, input, button, label, .bandeja-elegir") || String(window.getSelection())) return;
                    if (evento.ctrlKey || evento.metaKey) window.open(fila.dataset.enlace);
                    else window.location.assign(fila.dataset.enlace);
                });
            });
            contar();
            // Al volver atrás el navegador recuerda las casillas.
            window.addEventListener("pageshow", contar);
        }
        const abrir = document.getElementById("abrir-filtros");
        if (abrir) {
            abrir.addEventListener("click", () => {
                const filtros = document.getElementById("filtros");
                filtros.hidden = !filtros.hidden;
                abrir.setAttribute("aria-expanded", String(!filtros.hidden));
                if (!filtros.hidden) filtros.querySelector("input, select").focus();
            });
        }
    });
})();
