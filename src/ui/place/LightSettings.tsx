import type { ReactNode } from 'react'

import { setLightSource, setScene } from '@/document/place/commands'
import { Advanced } from '@/ui/controls/Advanced'
import { Segmented } from '@/ui/controls/Segmented'
import { percent } from '@/ui/controls/Slider'
import { useChosenLight } from '@/ui/place/chosenLight'
import { LayerEye } from '@/ui/place/LayerEye'
import { LightChooser } from '@/ui/place/LightChooser'
import { LightDial } from '@/ui/place/LightDial'
import { ObjectSettings } from '@/ui/place/ObjectSettings'
import { SceneSlider } from '@/ui/place/SceneSlider'
import { SeedField } from '@/ui/panels/SeedField'
import { useDocument, useStudio } from '@/ui/studio'
import { say, sayNumber } from '@/words/say'

const degrees = (value: number): string => `${Math.round(value)}°`

const sources = () =>
  [
    { value: 'hand', label: say('By hand') },
    { value: 'photo', label: say('Guessed') },
  ] as const
const SOURCE_HINTS = {
  photo:
    'A first guess from the picture, often wrong. Words of light in the prompt choose; whatever you move is yours.',
  hand: 'As you set it.',
} as const
const FAINT_HINT =
  'Hardly any light from one side was found: the sky may be overcast, or the picture does not tell. Drag the light and raise Shadow to decide.'
/** Below this share of the light nobody sees a shadow. */
const FAINT = 0.15

/** Light, horizon and ground of Place, as the photo says or set by hand; the picture follows while they move. */
export function LightSettings(): ReactNode {
  const { document } = useStudio()
  const { source, camera, lights, ground, amounts } = useDocument((state) => state.document.scene)
  const light = lights[0]
  const chosen = useChosenLight()
  return (
    <>
      <Segmented
        label={say('Light and horizon')}
        testId="light-source"
        value={source}
        choices={sources()}
        hint={say(source === 'photo' && light.share[1] < FAINT ? FAINT_HINT : SOURCE_HINTS[source])}
        onChange={(value) => setLightSource(document, value)}
      />
      {source === 'photo' && <SeedField label={say('Guess, by seed')} perRun={false} />}
      <LightDial
        label={say('Light')}
        testId="light-dial"
        azimuthDegrees={chosen.light.azimuthDegrees}
        elevationDegrees={chosen.light.elevationDegrees}
        onDrag={(phase) => {
          if (phase === 'begin') document.actions.begin('Move light')
          else document.actions.commit()
        }}
        onChange={(direction) =>
          setScene(document, 'Move light', (scene) => {
            Object.assign(scene.lights[chosen.index], direction)
          })
        }
      />
      <LightChooser />
      <SceneSlider
        label={say('Shadow')}
        testId="light-share"
        min={0}
        max={0.95}
        step={0.01}
        value={light.share[1]}
        format={percent}
        hint={say('How much of the light comes from there; the rest comes from all sides.')}
        aside={<LayerEye layer="shadow" name={say('Shadow')} />}
        what="Change shadow"
        set={(scene, value) => {
          scene.lights[0].share = [value, value, value]
        }}
      />
      {lights.length > 1 && (
        <SceneSlider
          label={say('Second shadow')}
          testId="light-share2"
          min={0}
          max={0.95}
          step={0.01}
          value={lights[1].share[1]}
          format={percent}
          hint={say('Of the second light.')}
          aside={<LayerEye layer="shadow" light={1} name={say('Second shadow')} />}
          what="Change second shadow"
          set={(scene, value) => {
            scene.lights[1].share = [value, value, value]
          }}
        />
      )}
      <SceneSlider
        label={say('Softness')}
        min={0.5}
        max={60}
        step={0.5}
        value={chosen.light.discDegrees}
        format={degrees}
        what="Change softness"
        set={(scene, value) => {
          scene.lights[chosen.index].discDegrees = value
        }}
      />
      <SceneSlider
        label={say('Horizon')}
        testId="horizon"
        min={-0.5}
        max={1.2}
        step={0.005}
        value={camera.horizon}
        format={percent}
        hint={say('Where level lines meet, from the picture’s top edge. It decides how shadows lie.')}
        what="Move horizon"
        set={(scene, value) => {
          scene.camera.horizon = value
        }}
      />
      <SceneSlider
        label={say('Contact')}
        min={0}
        max={1}
        step={0.01}
        value={amounts.contact}
        format={percent}
        aside={<LayerEye layer="contact" name={say('Contact')} />}
        what="Change contact"
        set={(scene, value) => {
          scene.amounts.contact = value
        }}
      />
      <SceneSlider
        label={say('Reflection')}
        testId="reflection"
        min={0}
        max={1}
        step={0.01}
        value={ground.reflectance}
        format={percent}
        aside={<LayerEye layer="reflection" name={say('Reflection')} />}
        what="Change reflection"
        set={(scene, value) => {
          scene.ground.reflectance = value
        }}
      />
      <ObjectSettings />
      <Advanced>
        <SceneSlider
          label={say('Roughness of the ground')}
          min={0}
          max={1}
          step={0.01}
          value={ground.roughness}
          format={percent}
          what="Change roughness"
          set={(scene, value) => {
            scene.ground.roughness = value
          }}
        />
        <SceneSlider
          label={say('Field of view')}
          min={10}
          max={110}
          step={1}
          value={camera.fovDegrees}
          format={degrees}
          what="Change field of view"
          set={(scene, value) => {
            scene.camera.fovDegrees = value
          }}
        />
        <SceneSlider
          label={say('Tilt of the horizon')}
          min={-20}
          max={20}
          step={0.5}
          value={camera.tiltDegrees}
          format={(value) => `${sayNumber(value)}°`}
          what="Tilt horizon"
          set={(scene, value) => {
            scene.camera.tiltDegrees = value
          }}
        />
      </Advanced>
    </>
  )
}
