/* Formulario de servicio: deja a la vista solo los apartados del tipo elegido.
   Sin JavaScript se ven todos, cada uno con el nombre de su tipo, y el servidor lee los del tipo elegido. */
(function () {
  "use strict";

  function actualizar(tipo) {
    document.querySelectorAll("fieldset.solo-tipos").forEach(function (apartado) {
      var suyo = tipo.value !== "" && apartado.classList.contains("tipo-" + tipo.value);
      apartado.hidden = !suyo;
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var tipo = document.getElementById("id_tipo");
    if (!tipo) {
      return;
    }
    tipo.addEventListener("change", function () {
      actualizar(tipo);
    });
    actualizar(tipo);
  });
})();
