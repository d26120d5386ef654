// Presses the button of the page that carries an answer to a service.
document.querySelector("form[data-send]").requestSubmit();
