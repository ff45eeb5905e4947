// A page of explanations.
Explanations.draw(document.getElementById("explanations"), JSON.parse(document.getElementById("data").textContent), new Plots());
