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
