// Photos of a visit are shrunk before they are sent, with customer, person and the server's time written on them.
import { say } from "./toasts.js";

const LONGEST = 1600;
const QUALITY = 0.8;

export function photos(forms) {
  for (const form of forms) {
    const shown = performance.now();
    const input = form.querySelector("input[type=file]");
    input.addEventListener("change", async () => {
      const at = Number(form.dataset.now) * 1000 + performance.now() - shown; // a device's own clock may be wrong
      const lines = [...form.dataset.photos.split("\n"), worded(at, form.dataset.zone)];
      try {
        const sent = new DataTransfer();
        for (const file of input.files) sent.items.add(await written(file, lines));
        if (!sent.files.length) return;
        input.files = sent.files;
        form.requestSubmit();
      } catch {
        input.value = "";
        say(form.dataset.fault, "danger");
      }
    });
  }
}

const worded = (at, timeZone) =>
  new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short", timeStyle: "short" }).format(at);

async function written(file, lines) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = canvas.getContext("2d");
  pen.fillStyle = "#fff"; // a JPEG knows no transparency
  pen.fillRect(0, 0, canvas.width, canvas.height);
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  write(pen, canvas, lines);
  const content = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!content) throw new Error("no picture");
  return new File([content], `${file.name.replace(/\.\w+$/, "")}.jpg`, { type: "image/jpeg" });
}

function write(pen, canvas, lines) {
  const size = Math.max(12, Math.round(canvas.width / 32));
  const step = size * 1.4;
  const top = canvas.height - step * lines.length - size * 0.6;
  pen.fillStyle = "rgb(0 0 0 / 55%)";
  pen.fillRect(0, top, canvas.width, canvas.height - top);
  pen.fillStyle = "#fff";
  pen.font = `${size}px system-ui, sans-serif`;
  pen.textBaseline = "top";
  lines.forEach((line, n) => pen.fillText(line, size * 0.6, top + size * 0.4 + n * step, canvas.width - size * 1.2));
}
