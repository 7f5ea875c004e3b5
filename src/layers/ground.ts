/** What foregrounds do to the ground, drawn again and again while lights and strengths change. */
import { keptThrough } from '@/assets/mask'
import { blankRaster } from '@/assets/raster'
import type { Raster, Size } from '@/base/geometry'
import { keepLatest } from '@/base/latest'

import { bodyOf, reflect, type Body, type LayerForeground } from './bodies'
import { cameraOf, type Camera } from './camera'
import type { GridMap } from './gridMap'
import type { LayerMasks } from './masks'
import type { DiscLight } from './light'
import { drawReflection } from './reflect'
import { ambientOf, type LayerAmounts, type SceneParameters } from './scene'
import { darken, hiddenOfDome, hiddenOfLight, shows, type ShadowQuality } from './shade'

/** What the foregrounds do to the ground, as two layers to lay over the background at any size. */
export interface GroundLayers {
  /** Multiplied with the background: white where nothing is darkened. */
  darkening: Raster
  /** Laid over that. */
  reflection: Raster
}

/** What is remembered of lights: those of a scene as they are, and were. */
const LIGHTS_KEPT = 4

/**
 * The ground's layers of a picture of one size, seen by one camera, with its foregrounds where they are; their boxes are in the
 * picture's pixels. What was drawn of a light, of the dome and of mirror images is drawn again only where it changes.
 */
export class Ground {
  private readonly size: Size
  private readonly quality: ShadowQuality
  private readonly camera: Camera
  private readonly bodies: Body[]
  private readonly lights = new Map<string, GridMap | null>()
  private dome: GridMap | null | undefined
  private mirror: { of: string; layer: Raster } | null = null

  /** @throws empty-foreground, bad-box as `placeForeground` */
  constructor(
    size: Size,
    foregrounds: readonly LayerForeground[],
    camera: SceneParameters['camera'],
    quality: ShadowQuality,
  ) {
    this.size = size
    this.quality = quality
    this.camera = cameraOf(camera, size)
    this.bodies = foregrounds.map((foreground) => bodyOf(this.camera, foreground, size, quality))
  }

  /**
   * @param scene its camera is that of the constructor
   * @param masks of the ground and what falls on it
   */
  layers(scene: SceneParameters, amounts: LayerAmounts, masks: LayerMasks = {}): GroundLayers {
    const blank = (byte: number): Raster => {
      const raster = blankRaster(this.size.width, this.size.height)
      raster.data.fill(byte)
      return raster
    }
    const darkening = blank(255)
    const lights = scene.lights.map((light, index) =>
      shows(light.share, amounts.shadow[index]) ? this.hiddenOf(light) : null,
    )
    const dome = shows(ambientOf(scene.lights), amounts.contact) ? this.hiddenDome() : null
    darken(darkening, { lights, dome }, scene, amounts, masks)
    const mirror = this.mirrored(scene, amounts.reflection)
    const reflection = masks.reflection ? keptThrough(masks.reflection, mirror, blank(0)) : mirror
    if (!masks.ground) return { darkening, reflection }
    return {
      darkening: keptThrough(masks.ground, darkening, blank(255)),
      reflection: keptThrough(masks.ground, reflection, blank(0)),
    }
  }

  private hiddenOf(light: DiscLight): GridMap | null {
    const { azimuthDegrees, elevationDegrees, discDegrees } = light
    const key = JSON.stringify([azimuthDegrees, elevationDegrees, discDegrees])
    const known = this.lights.get(key)
    const map =
      known === undefined ? hiddenOfLight(this.camera, this.size, this.casters(), light, this.quality) : known
    return keepLatest(this.lights, key, map, LIGHTS_KEPT)
  }

  private hiddenDome(): GridMap | null {
    if (this.dome === undefined)
      this.dome = hiddenOfDome(this.camera, this.size, this.casters(), this.quality)
    return this.dome
  }

  private mirrored(scene: SceneParameters, amount: number): Raster {
    const of = JSON.stringify([scene.ground, amount])
    if (this.mirror?.of !== of) {
      const layer = blankRaster(this.size.width, this.size.height)
      for (const body of this.bodies) reflect(layer, this.camera, body, scene, amount, drawReflection)
      this.mirror = { of, layer }
    }
    return this.mirror.layer
  }

  private casters() {
    return this.bodies.map(({ caster }) => caster)
  }
}
