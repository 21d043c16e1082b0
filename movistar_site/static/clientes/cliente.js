/* Formulario de cliente: una empresa no lleva apellido y se identifica con NIT.
   Sin JavaScript se ven todos los campos y el servidor dice lo mismo con una frase. */
(function () {
  "use strict";

  var ROTULOS = { natural: "Nombre", juridica: "Razón social" };
  var EJEMPLOS = { CC: "1.020.304.050", TI: "1.020.304.050", NIT: "901.354.361-1", CE: "412345", PPT: "1234567", PAS: "AB123456", PEP: "901234567890123" };

  function rotular(campo, texto) {
    var rotulo = campo && document.querySelector('label[for="' + campo.id + '"]');
    if (rotulo && rotulo.firstChild && rotulo.firstChild.nodeType === Node.TEXT_NODE) {
      rotulo.firstChild.nodeValue = texto;
    }
  }

  function cajaDe(campo) {
    return campo && (campo.closest(".field-" + campo.name) || campo.closest(".form-row") || campo.parentElement);
  }

  document.addEventListener("DOMContentLoaded", function () {
    var persona = document.getElementById("id_tipo_persona");
    var tipo = document.getElementById("id_tipo_documento");
    var documento = document.getElementById("id_documento");
    var nombre = document.getElementById("id_nombre");
    var apellido = document.getElementById("id_apellido");
    if (!persona || !tipo || !apellido) {
      return;
    }

    function ejemplo() {
      if (documento) {
        documento.placeholder = EJEMPLOS[tipo.value] || "";
      }
    }

    function adaptar(cambio) {
      var empresa = persona.value === "juridica";
      var caja = cajaDe(apellido);
      if (caja) {
        caja.hidden = empresa && apellido.value.trim() === "";
      }
      rotular(nombre, ROTULOS[empresa ? "juridica" : "natural"]);
      if (cambio && empresa) {
        tipo.value = "NIT";
      } else if (cambio && tipo.value === "NIT") {
        tipo.value = "CC";
      }
      ejemplo();
    }

    persona.addEventListener("change", function () { adaptar(true); });
    tipo.addEventListener("change", ejemplo);
    adaptar(false);
  });
})();
