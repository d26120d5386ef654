// Asks every other second what the phone said, and reloads the page once it said something.
(function () {
  var wait = document.getElementById("wait");
  setInterval(function () {
    fetch(wait.dataset.state, { cache: "no-store" })
      .then(function (reply) { return reply.json(); })
      .then(function (phone) { if (phone.state !== "waiting") { location.reload(); } })
      .catch(function () { /* the next turn asks again */ });
  }, 2000);
})();
