/* Al responder: elegir una plantilla llena la respuesta con los datos del caso, y lo ya escrito no se pierde sin preguntar. */
document.addEventListener("DOMContentLoaded", () => {
    const listas = document.querySelectorAll("select[data-texto]");
    listas.forEach((lista) => {
        const texto = document.getElementById(lista.dataset.llena);
        let puesto = "";
        let elegida = lista.value;
        lista.addEventListener("change", async () => {
            const escrito = texto.value.trim();
            if (!lista.value) { elegida = ""; return; }
            if (escrito && escrito !== puesto.trim() && !confirm("La plantilla reemplaza lo que ya escribió. ¿Continuar?")) {
                lista.value = elegida;
                return;
            }
            const respuesta = await fetch(`${lista.dataset.texto}?plantilla=${encodeURIComponent(lista.value)}`, { credentials: "same-origin" });
            if (!respuesta.ok) { lista.value = elegida; return; }
            puesto = await respuesta.text();
            texto.value = puesto;
            elegida = lista.value;
            texto.focus();
        });
    });
});
