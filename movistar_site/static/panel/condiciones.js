/* El editor de las condiciones de una regla: cada renglón se ajusta al hecho elegido, y se agregan o se quitan.
   Sin JavaScript los renglones sirven igual: el valor se escribe y el servidor dice qué esperaba. */
(function () {
  "use strict";

  function leer() {
    var datos = document.getElementById("hechos-de-las-reglas");
    return datos ? JSON.parse(datos.textContent) : {};
  }

  function ajustar(renglon, hechos, recienElegido) {
    var hecho = hechos[renglon.querySelector("[name$=_hecho]").value];
    var operador = renglon.querySelector("[name$=_operador]");
    var caja = renglon.querySelector(".condicion-valor");
    var viejo = caja.querySelector("[name$=_valor]");
    operador.disabled = viejo.disabled = false;
    if (!hecho) {
      return;
    }
    Array.prototype.forEach.call(operador.options, function (opcion) {
      opcion.hidden = opcion.disabled = hecho.operadores.indexOf(opcion.value) < 0;
    });
    if (recienElegido || hecho.operadores.indexOf(operador.value) < 0) {
      operador.value = hecho.operadores[0];
    }
    var nuevo = document.createElement(hecho.opciones.length ? "select" : "input");
    if (hecho.opciones.length) {
      hecho.opciones.forEach(function (par) {
        nuevo.add(new Option(par[1], par[0], false, par[0] === viejo.value));
      });
    } else {
      nuevo.type = "text";
      nuevo.inputMode = "decimal";
      nuevo.maxLength = 40;
      nuevo.autocomplete = "off";
      nuevo.value = viejo.tagName === "INPUT" ? viejo.value : "";
    }
    nuevo.className = "oferta-campo";
    nuevo.name = viejo.name;
    nuevo.setAttribute("aria-label", "Valor");
    var unidad = document.createElement("span");
    unidad.className = "panel-tenue";
    unidad.textContent = hecho.unidad;
    caja.replaceChildren.apply(caja, hecho.unidad === "$" ? [unidad, nuevo] : hecho.unidad ? [nuevo, unidad] : [nuevo]);
  }

  function preparar(renglon, editor, hechos) {
    var quitar = renglon.querySelector("[data-quitar]");
    quitar.hidden = false;
    quitar.addEventListener("click", function () {
      renglon.remove();
      mostrar(editor);
    });
    renglon.querySelector("[name$=_hecho]").addEventListener("change", function () {
      ajustar(renglon, hechos, true);
    });
    ajustar(renglon, hechos);
  }

  function mostrar(editor) {
    var cuantos = editor.querySelectorAll("[data-condicion]").length;
    editor.querySelector("[data-agregar]").hidden = cuantos >= Number(editor.dataset.maximo);
  }

  /* De lo que se ofrece, a la vista solo lo que usa la acción elegida. */
  var CAMPOS = { tipo: "servicio", servicio: "servicio", promocion: "promocion", beneficio: "beneficio" };

  function segunLaAccion(accion) {
    Object.keys(CAMPOS).forEach(function (campo) {
      var entrada = document.getElementById("id_" + campo);
      var renglon = entrada && entrada.closest(".field-" + campo);
      if (renglon) {
        renglon.classList.toggle("regla-oculta", CAMPOS[campo] !== accion.value);
      }
    });
  }

  document.addEventListener("DOMContentLoaded", function () {
    var accion = document.getElementById("id_accion");
    if (accion) {
      accion.addEventListener("change", function () {
        segunLaAccion(accion);
      });
      segunLaAccion(accion);
    }
    var hechos = leer();
    document.querySelectorAll("[data-condiciones]").forEach(function (editor) {
      var renglones = editor.querySelectorAll("[data-condicion]");
      var modelo = renglones[renglones.length - 1].cloneNode(true);
      var agregar = editor.querySelector("[data-agregar]");
      renglones.forEach(function (renglon) {
        preparar(renglon, editor, hechos);
      });
      if (renglones.length > 1) {
        renglones[renglones.length - 1].remove();
      }
      agregar.addEventListener("click", function () {
        var otro = modelo.cloneNode(true);
        editor.insertBefore(otro, agregar);
        preparar(otro, editor, hechos);
        mostrar(editor);
        otro.querySelector("select").focus();
      });
      mostrar(editor);
    });
  });
})();
