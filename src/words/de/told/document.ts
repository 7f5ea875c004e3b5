/** Why something cannot be fused, and what of it may look wrong. */
export const document = {
  '{name} does not come with this studio: choose another model.':
    '{name} liegt diesem Studio nicht bei: Wählen Sie ein anderes Modell.',
  '{name} does not come with this studio.': '{name} liegt diesem Studio nicht bei.',
  '{name} needs {list}: open Models.': '{name} braucht noch: {list}. Öffnen Sie „Modelle“.',
  'Without {list} only prompts that have run before can be used.':
    'Nicht installiert: {list}. Ohne das gehen nur Prompts, die schon einmal liefen.',
  'Runs without {list}: not installed.': 'Läuft, obwohl nicht installiert: {list}.',
  'A document holds at most {n} layers.': 'Ein Dokument fasst höchstens {n} Ebenen.',
  'Remove some that you no longer need.': 'Entfernen Sie einige, die Sie nicht mehr brauchen.',
  'At most {n} LoRAs can be added.': 'Es lassen sich höchstens {n} LoRAs hinzufügen.',
  'Take one out first.': 'Nehmen Sie zuerst eine heraus.',
  'The gallery holds at most {n} pictures.': 'Die Galerie fasst höchstens {n} Bilder.',
  'Remove some first.': 'Entfernen Sie zuerst einige.',
  'Remove one first.': 'Entfernen Sie zuerst eines.',
  'Compose takes at most {n} references.': 'Compose nimmt höchstens {n} Referenzen.',
  'Mix takes at most {n} objects.': 'Mix nimmt höchstens {n} Objekte.',
  'No layer is fused: the first fused layer comes after the last one.':
    'Keine Schicht wird verschmolzen: Die erste verschmolzene Schicht liegt hinter der letzten.',
  'No step is fused: the first fused step comes after the last one.':
    'Kein Schritt wird verschmolzen: Der erste verschmolzene Schritt liegt hinter dem letzten.',
  'Base or reference were made with another prompt or settings: Fuse makes them anew.':
    'Basis oder Referenz entstanden mit anderem Prompt oder anderen Einstellungen: „Verschmelzen“ macht sie neu.',
  'Pick at least one word under the prompt: its region is taken over.':
    'Wählen Sie unter dem Prompt mindestens ein Wort: Sein Bereich wird übernommen.',
  'Base and reference are the same: choose another one.':
    'Basis und Referenz sind dasselbe Bild: Wählen Sie ein anderes.',
  'Choose {list} among the pictures.': 'Wählen Sie unter den Bildern: {list}.',
  'a base': 'eine Basis',
  'a reference': 'eine Referenz',
  'Sample more pictures: it takes two.': 'Erzeugen Sie mehr Bilder: Es braucht zwei.',
  'Sample some pictures to choose from.': 'Erzeugen Sie einige Bilder zur Auswahl.',
  'Describe the picture in the prompt.': 'Beschreiben Sie das Bild im Prompt.',
  'Describe the new picture in the prompt.': 'Beschreiben Sie das neue Bild im Prompt.',
  'Add a reference picture.': 'Fügen Sie ein Referenzbild hinzu.',
  'FLUX.2 [klein] takes up to {n} references: remove {n2}.':
    'FLUX.2 [klein] nimmt bis zu {n} Referenzen: Entfernen Sie {n2}.',
  'The built-in model takes up to {n} references: remove {n2}.':
    'Das eingebaute Modell nimmt bis zu {n} Referenzen: Entfernen Sie {n2}.',
  'Above about 1.1 megapixels FLUX.2 [klein] samples in another way: try 1024 x 1024 first.':
    'Ab etwa 1,1 Megapixeln rechnet FLUX.2 [klein] anders: Versuchen Sie zuerst 1024 × 1024.',
  'DreamO learned style from a single reference; beside others it may be lost.':
    'DreamO hat Stil an einer einzelnen Referenz gelernt; neben anderen kann er verloren gehen.',
  'The prompt names {list}, but there is no such reference.':
    'Der Prompt nennt {list}, aber eine solche Referenz gibt es nicht.',
  'Give at least one object some strength in the noise.':
    'Geben Sie mindestens einem Objekt etwas Stärke im Rauschen.',
  'Say what the first object is, for example “glass jar”.':
    'Sagen Sie, was das erste Objekt ist, zum Beispiel „glass jar“.',
  'Say what the second object is, for example “glass jar”.':
    'Sagen Sie, was das zweite Objekt ist, zum Beispiel „glass jar“.',
  'Say what the third object is, for example “glass jar”.':
    'Sagen Sie, was das dritte Objekt ist, zum Beispiel „glass jar“.',
  'Say what the fourth object is, for example “glass jar”.':
    'Sagen Sie, was das vierte Objekt ist, zum Beispiel „glass jar“.',
  '“{name}” is there twice: choose another picture for one of them.':
    '„{name}“ ist zweimal da: Wählen Sie für eines davon ein anderes Bild.',
  'Move “{name}” onto the picture: it lies outside.':
    'Schieben Sie „{name}“ auf das Bild: Es liegt außerhalb.',
  'Hide some foregrounds: {n} can be fused at once.':
    'Blenden Sie einige Vordergründe aus: {n} lassen sich auf einmal verschmelzen.',
  'Merge “{name}” into the background, or make it whole, normal and opaque: a fuse starts from one picture.':
    'Führen Sie „{name}“ mit dem Hintergrund zusammen, oder stellen Sie es auf unmaskiert, normal und deckend: Das Verschmelzen geht von einem Bild aus.',
  'Show a foreground, or add one above the accepted result.':
    'Zeigen Sie einen Vordergrund, oder fügen Sie einen über dem übernommenen Ergebnis hinzu.',
  'Add a foreground to place on it.': 'Fügen Sie einen Vordergrund hinzu, der darauf gesetzt wird.',
  'Add a background picture.': 'Fügen Sie ein Hintergrundbild hinzu.',
  '“{name}” shines through: what is behind it will be neither bent nor tinted, and its shadow is merely lighter.':
    '„{name}“ ist durchsichtig: Was dahinter liegt, wird weder gebrochen noch getönt, und der Schatten ist nur heller.',
  '“{name}” looks like a drawing: light and ground are read off photographs. Set light and horizon by hand.':
    '„{name}“ sieht wie eine Zeichnung aus: Licht und Boden werden aus Fotos gelesen. Stellen Sie Licht und Horizont von Hand ein.',
  '“{name}” is dark: light is hard to read off it, and shadows will hardly show. If it looks wrong, set the light by hand.':
    '„{name}“ ist dunkel: Das Licht lässt sich schwer ablesen, und Schatten sind kaum zu sehen. Wirkt es falsch, stellen Sie das Licht von Hand ein.',
  '“{name}” is smaller than {n} pixels of the picture: nobody will see it.':
    '„{name}“ ist kleiner als {n} Bildpunkte: Das sieht niemand.',
  '“{name}” is enlarged {n} times and will look soft: use a larger cut-out.':
    '„{name}“ ist {n}-fach vergrößert und wirkt unscharf: Nehmen Sie einen größeren Freisteller.',
  '“{name}” is given to the model whole, opaque and normal: it repaints what it is shown.':
    '„{name}“ bekommt das Modell ganz, deckend und normal: Es malt neu, was es sieht.',
  '“{name}” stands above the horizon, where no ground is: move it down, move the horizon, or say that it does not stand.':
    '„{name}“ steht über dem Horizont, wo kein Boden ist: Schieben Sie es nach unten, verschieben Sie den Horizont, oder geben Sie an, dass es nicht steht.',
  'The shapes of the objects could not be told, so their shadows follow their outlines.':
    'Die Formen der Objekte ließen sich nicht erkennen, darum folgen ihre Schatten den Umrissen.',
  'The detail lock did nothing for “{name}”: the result is too unlike the cut-out (they agree less than {n}).':
    '„Details bewahren“ hat bei „{name}“ nichts bewirkt: Das Ergebnis ist dem Freisteller zu unähnlich (Übereinstimmung unter {n}).',
  '“{name}”: {n} of {n2} steps changed little and were guessed.':
    '„{name}“: {n} von {n2} Schritten änderten wenig und wurden geschätzt.',
  'Show “{name}” first: what is hidden is not merged.':
    'Zeigen Sie zuerst „{name}“: Was ausgeblendet ist, wird nicht zusammengeführt.',
  'Inlay Mini, which made it, is no longer there: Inlay Mini 2 draws it in its own way.':
    'Inlay Mini, das es gemacht hat, gibt es nicht mehr: Inlay Mini 2 zeichnet es auf seine Weise.',
  'light by hand': 'Licht von Hand',
  'The engine is not ready.': 'Die Engine ist nicht bereit.',
  '{n} more': '{n} weitere',
  '“{name}”’s part of the photo has more pixels than the model works on: what it made there was enlarged ×{n}.':
    'Der Teil des Fotos um „{name}“ hat mehr Pixel, als das Modell bearbeitet: Was es dort gemacht hat, wurde {n}-fach vergrößert.',
} as const
