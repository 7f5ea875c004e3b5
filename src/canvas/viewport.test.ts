import { describe, expect, it } from 'vitest'

import { fitViewport, keepInSight, MAX_ZOOM, toDocument, toScreen, zoomAt, zoomStop } from '@/canvas/viewport'

const screen = { width: 800, height: 600 }

describe('viewport', () => {
  it('keeps the point under the pointer where it is while zooming', () => {
    const view = { zoom: 0.5, x: 30, y: -20 }
    const anchor = { x: 123, y: 456 }
    const before = toDocument(view, anchor)
    const after = toScreen(zoomAt(view, anchor, 3), before)
    expect(after.x).toBeCloseTo(anchor.x)
    expect(after.y).toBeCloseTo(anchor.y)
    expect(zoomAt(view, anchor, 1e9).zoom).toBe(MAX_ZOOM)
  })
  it('fits the whole picture inside and centres it', () => {
    const content = { width: 4000, height: 1000 }
    const view = fitViewport(content, screen)
    const corner = toScreen(view, { x: content.width, y: content.height })
    expect(view.x).toBeGreaterThan(0)
    expect(view.y).toBeGreaterThan(0)
    expect(corner.x).toBeLessThan(screen.width)
    expect(corner.y).toBeLessThan(screen.height)
    expect(view.x).toBeCloseTo(screen.width - corner.x, -1)
  })
  it('does not blow small pictures up', () => {
    expect(fitViewport({ width: 10, height: 10 }, screen).zoom).toBe(2)
  })
  it('steps through presets in both directions', () => {
    expect(zoomStop(0.5, 1)).toBe(0.67)
    expect(zoomStop(0.51, -1)).toBe(0.5)
    expect(zoomStop(MAX_ZOOM, 1)).toBe(MAX_ZOOM)
  })
  it('never loses the picture', () => {
    const content = { width: 100, height: 100 }
    const far = keepInSight({ zoom: 1, x: 5000, y: -5000 }, content, screen)
    expect(far.x).toBeLessThan(screen.width)
    expect(far.y + content.height).toBeGreaterThan(0)
  })
})
