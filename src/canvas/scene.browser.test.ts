import { afterEach, expect, it, vi } from 'vitest'

import { opaqueDrawable, type Drawable } from '@/canvas/drawable'
import { createScene, type Scene, type SceneInput } from '@/canvas/scene'
import type { SceneEvents } from '@/canvas/tools/tool'
import { emptyDocument, type ForegroundLayer } from '@/schema/document'

const asset = (hash: string, side: number) => ({ hash, name: `${hash}.png`, width: side, height: side })
const cup: ForegroundLayer = {
  kind: 'foreground',
  id: 'cup',
  name: 'cup',
  visible: true,
  asset: asset('cup', 200),
  box: { x: 100, y: 100, width: 100, height: 100 },
  stretch: false,
  rotationDegrees: 0,
  flipX: false,
}
const input: SceneInput = {
  document: { ...emptyDocument('d'), background: asset('ground', 400), layers: [cup] },
  selection: 'cup',
  viewport: { zoom: 1, x: 0, y: 0 },
  tool: 'select',
  wheel: 'auto',
  pendingBox: null,
  previews: [],
  staged: null,
  ground: null,
  front: null,
  brush: null,
  camera: null,
  sizesFollow: false,
  locked: false,
}

let scene: Scene | null = null
const container = document.body.appendChild(document.createElement('div'))
Object.assign(container.style, { position: 'fixed', left: '0', top: '0', width: '400px', height: '400px' })
afterEach(() => scene?.destroy())

/** As a browser tells of the mouse: pointer events, then those of the mouse. */
function mouse(kind: 'down' | 'move' | 'up', x: number, y: number) {
  const target = container.querySelector('.konvajs-content') ?? expect.fail('no stage')
  const told = { clientX: x, clientY: y, button: 0, buttons: kind === 'up' ? 0 : 1, bubbles: true }
  target.dispatchEvent(new PointerEvent(`pointer${kind}`, { ...told, pointerId: 1, pointerType: 'mouse' }))
  target.dispatchEvent(new MouseEvent(`mouse${kind}`, told))
}
const frame = () => new Promise((done) => requestAnimationFrame(done))

it('keeps the size that a corner has been dragged to when the pixels of the layer are swapped before it is let go', async () => {
  const pictureOf = (side: number): Drawable => ({
    ...opaqueDrawable(new OffscreenCanvas(side, side)),
    ...{ width: 200, height: 200, content: { x: 0, y: 0, width: 200, height: 200 } },
  })
  const ground = opaqueDrawable(new OffscreenCanvas(400, 400))
  let picture = pictureOf(100)
  const place = vi.fn<SceneEvents['place']>()
  const none = () => undefined
  scene = createScene({
    container,
    drawables: (hash) => (hash === 'cup' ? picture : ground),
    events: { place, select: none, drawBox: none, paint: none, look: none },
    accent: '#e2a54a',
  })
  scene.resize({ width: 400, height: 400 })
  scene.render(input)
  await frame()
  await frame()
  mouse('move', 200, 200)
  mouse('down', 200, 200)
  for (const at of [215, 230, 245]) mouse('move', at, at)
  picture = pictureOf(200)
  scene.render({ ...input })
  scene.refresh()
  await frame()
  mouse('up', 245, 245)
  expect(place).toHaveBeenCalledOnce()
  const [id, placement, change] = place.mock.calls[0]
  expect([id, change]).toEqual(['cup', 'resize'])
  expect(placement.box.width).toBeCloseTo(145, 0)
  expect(placement.box.height).toBeCloseTo(145, 0)
})

it('shows a staged result where the picture is, however it was moved while nothing was staged', async () => {
  const coloured = (colour: string): Drawable => {
    const canvas = new OffscreenCanvas(400, 400)
    const context = canvas.getContext('2d') ?? expect.fail('no canvas')
    context.fillStyle = colour
    context.fillRect(0, 0, 400, 400)
    return opaqueDrawable(canvas)
  }
  const [ground, red] = [coloured('#00ff00'), coloured('#ff0000')]
  const none = () => undefined
  const events = { place: none, select: none, drawBox: none, paint: none, look: none }
  scene = createScene({ container, drawables: () => ground, events, accent: '#e2a54a' })
  scene.resize({ width: 400, height: 400 })
  const empty = { ...input, document: { ...input.document, layers: [] }, selection: null }
  scene.render(empty)
  const moved = { zoom: 0.5, x: 100, y: 100 }
  scene.render({ ...empty, viewport: moved })
  const shownAt = async (x: number, y: number) => {
    await frame()
    await frame()
    // Of the stage's canvases, lowest first, those that are there.
    const colours = [...container.querySelectorAll('canvas')].map((canvas) => {
      const scale = canvas.width / 400
      return [...(canvas.getContext('2d')?.getImageData(x * scale, y * scale, 1, 1).data ?? [])]
    })
    return colours.findLast(([, , , alpha]) => alpha > 0)
  }
  const [GREEN, RED] = [
    [0, 255, 0, 255],
    [255, 0, 0, 255],
  ]
  scene.render({ ...empty, viewport: moved, staged: { picture: red, position: 0.5 } })
  expect([await shownAt(150, 200), await shownAt(250, 200), await shownAt(50, 200)]).toEqual([
    GREEN,
    RED,
    undefined,
  ])
  const back = { zoom: 1, x: 0, y: 0 }
  scene.render({ ...empty, viewport: back, staged: { picture: red, position: 0.5 } })
  expect([await shownAt(150, 200), await shownAt(390, 390)]).toEqual([GREEN, RED])
  scene.render({ ...empty, viewport: moved })
  expect(await shownAt(250, 200)).toEqual(GREEN)
})
