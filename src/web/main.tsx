import { render } from "preact";
import { App } from "./components/app.tsx";

const root = document.getElementById("app");
if (root === null) throw new TypeError("index.html has no element #app.");
// What was shown while this was on its way.
root.replaceChildren();
render(<App />, root);
