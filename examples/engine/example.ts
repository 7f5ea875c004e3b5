/** Place on a page without the studio. A page of yours imports the built file instead: /inlay/engine/engine.js. */
import { createEngine, InlayError, type Engine } from '@inlay/engine'

/** Where the built studio is served. */
const ASSETS = new URL('../../', location.href)
const SAMPLE = {
  background: new URL('samples/meadow.webp', ASSETS),
  cutout: new URL('samples/meadow-deckchair.webp', ASSETS),
  box: { x: 560, y: 650, width: 330, height: 300 },
}

const find = <E extends Element>(selector: string): E => {
  const found = document.querySelector<E>(selector)
  if (!found) throw new Error(`the page has no ${selector}`)
  return found
}
const form = find<HTMLFormElement>('form')
const [fuse, stop] = [find<HTMLButtonElement>('[type=submit]'), find<HTMLButtonElement>('#stop')]
const [status, canvas, save] = [
  find('[role=status]'),
  find<HTMLCanvasElement>('canvas'),
  find<HTMLAnchorElement>('#save'),
]
const chosen = (name: string): File | undefined => find<HTMLInputElement>(`[name=${name}]`).files?.[0]

let engine: Promise<Engine> | null = null
let running = new AbortController()

async function run(): Promise<void> {
  const [background, cutout] = [chosen('background'), chosen('cutout')]
  const { width, height } = background ? await createImageBitmap(background) : { width: 0, height: 0 }
  // In the middle, four tenths as high as the picture.
  const middle = { x: 0.3 * width, y: 0.5 * height, width: 0.4 * width, height: 0.4 * height }
  engine ??= createEngine({ assets: ASSETS })
  const made = await (
    await engine
  ).place({
    background: background ?? SAMPLE.background,
    foregrounds: [{ picture: cutout ?? SAMPLE.cutout, box: background ? middle : SAMPLE.box }],
    signal: running.signal,
    onProgress: ({ stage, done, total }) =>
      (status.textContent = `${stage}: ${Math.floor((100 * done) / total)} %`),
  })
  const { picture, report } = made
  Object.assign(canvas, { width: picture.width, height: picture.height, hidden: false })
  canvas.getContext('2d')?.putImageData(picture, 0, 0)
  save.href = URL.createObjectURL(await made.toPng())
  save.hidden = false
  status.textContent = `Done in ${report.seconds.total.toFixed(1)} seconds on ${report.backend}.`
}

form.addEventListener('submit', (event) => {
  event.preventDefault()
  running = new AbortController()
  fuse.disabled = true
  stop.disabled = false
  status.textContent = 'Starting …'
  run()
    .catch((error: unknown) => {
      // One that could not start is tried anew.
      void engine?.catch(() => (engine = null))
      const { message, hint } =
        error instanceof InlayError ? error.problem : { message: String(error), hint: 'Try again.' }
      status.textContent = `${message} ${hint}`
    })
    .finally(() => {
      fuse.disabled = false
      stop.disabled = true
    })
})
stop.addEventListener('click', () => running.abort())
