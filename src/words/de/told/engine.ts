/** Problems of the engine and of runs. */
export const engine = {
  'There was not enough memory for this step.': 'Für diesen Schritt reichte der Speicher nicht.',
  'Close other tabs or switch the backend to CPU in the settings, then try again.':
    'Schließen Sie andere Tabs, oder stellen Sie in den Einstellungen auf CPU um, und versuchen Sie es noch einmal.',
  'Something went wrong that we did not foresee.': 'Etwas ging schief, womit wir nicht gerechnet haben.',
  'Try again; if it happens again, please report the detail below.':
    'Versuchen Sie es noch einmal; passiert es wieder, melden Sie bitte die Angaben unten.',
  'The engine did not answer any more.': 'Die Engine antwortete nicht mehr.',
  'The engine stopped unexpectedly.': 'Die Engine ist unerwartet stehen geblieben.',
  'It has been started again and your document is intact; press Fuse to try again.':
    'Sie wurde neu gestartet, und Ihr Dokument ist unversehrt; drücken Sie noch einmal „Verschmelzen“.',
  'The engine was not started.': 'Die Engine wurde nicht gestartet.',
  'Reload the page.': 'Laden Sie die Seite neu.',
  'Choose another model.': 'Wählen Sie ein anderes Modell.',
  'Report this.': 'Bitte melden Sie das.',
  'This is a mistake in Inlay; please report it.': 'Das ist ein Fehler in Inlay; bitte melden Sie ihn.',
  'This is a mistake in a shader of Inlay; please report it.':
    'Das ist ein Fehler in einem Shader von Inlay; bitte melden Sie ihn.',
  'Choose the CPU backend in the settings and report this.':
    'Wählen Sie in den Einstellungen die CPU, und melden Sie das.',
  'The GPU ran out of memory.': 'Der GPU ging der Speicher aus.',
  'Close other tabs or choose the CPU backend.': 'Schließen Sie andere Tabs, oder wählen Sie die CPU.',
  'The connection to the GPU was lost.': 'Die Verbindung zur GPU ging verloren.',
  'Press Fuse again: the GPU is started anew. If it keeps happening, choose the CPU backend.':
    'Drücken Sie noch einmal „Verschmelzen“: Die GPU wird neu gestartet. Passiert es immer wieder, wählen Sie die CPU.',
  'The GPU refused to start.': 'Die GPU ließ sich nicht starten.',
  'Choose the CPU backend in the settings, or restart the browser.':
    'Wählen Sie in den Einstellungen die CPU, oder starten Sie den Browser neu.',
  'No GPU can be used: {told}.': 'Keine GPU nutzbar: {told}.',
  'No GPU can be used: {detail}.': 'Keine GPU nutzbar: {detail}.',
  'Choose the CPU backend in the settings.': 'Wählen Sie in den Einstellungen die CPU.',
  'A tensor of {n} MiB is larger than this GPU can bind.':
    'Ein Tensor von {n} MiB ist größer, als diese GPU binden kann.',
  "This GPU's driver computes wrong numbers ({detail}).": 'Der Treiber dieser GPU rechnet falsch ({detail}).',
  'Choose the CPU backend in the settings, or update the driver.':
    'Wählen Sie in den Einstellungen die CPU, oder aktualisieren Sie den Treiber.',
  'Half-precision keys need an even head size; this model has {n}.':
    'Schlüssel in halber Genauigkeit brauchen eine gerade Kopfgröße; dieses Modell hat {n}.',
  'Keep its keys in float32.': 'Belassen Sie die Schlüssel in float32.',
  'Maps of heads of {n} channels are not supported, 1 to {n2} are.':
    'Karten von Köpfen mit {n} Kanälen werden nicht unterstützt, nur 1 bis {n2}.',
  'Switch the maps off for this model.': 'Schalten Sie die Karten für dieses Modell aus.',
  'A group has {n} separate key ranges, {n2} are possible.':
    'Eine Gruppe hat {n} getrennte Schlüsselbereiche, möglich sind {n2}.',
  'Ask for fewer words at once.': 'Nehmen Sie weniger Wörter auf einmal.',
  'Rotary heads of {n} channels are not supported, 2 to 128 are.':
    'Rotierende Köpfe mit {n} Kanälen werden nicht unterstützt, nur 2 bis 128.',
  'Use another model.': 'Nehmen Sie ein anderes Modell.',
  'A position map with a coefficient of {n} is out of range.':
    'Eine Positionskarte mit dem Koeffizienten {n} liegt außerhalb des Bereichs.',
  'Place the object nearer to the picture.': 'Setzen Sie das Objekt näher an das Bild.',
  'Keep its keys and values in float32.': 'Belassen Sie Schlüssel und Werte in float32.',
  'Attention heads of {n} channels are not supported, 1 to {n2} are.':
    'Attention-Köpfe mit {n} Kanälen werden nicht unterstützt, nur 1 bis {n2}.',
  'A query segment sees {n} separate key ranges, {n2} are possible.':
    'Ein Abfrageteil sieht {n} getrennte Schlüsselbereiche, möglich sind {n2}.',
  'Use fewer references.': 'Nehmen Sie weniger Referenzen.',
  'This model needs the operator {name}, which the runtime of this studio does not have.':
    'Dieses Modell braucht den Operator {name}, den die Laufzeit dieses Studios nicht hat.',
  'The runtime of this studio cannot run this model.':
    'Die Laufzeit dieses Studios kann dieses Modell nicht ausführen.',
  'Choose another export of it, or the built-in model.':
    'Wählen Sie einen anderen Export davon oder das eingebaute Modell.',
  'This model needs more memory than the browser gives.':
    'Dieses Modell braucht mehr Speicher, als der Browser gibt.',
  'Choose a smaller one (u2netp, or weights of 8 or 16 bits), or the built-in one.':
    'Wählen Sie ein kleineres (u2netp oder Gewichte mit 8 oder 16 Bit) oder das eingebaute.',
  'The prompt has the wrong number of tokens for this text encoder.':
    'Der Prompt hat für diesen Textencoder die falsche Anzahl Tokens.',
  'Import the CLIP tokenizer.json that belongs to the encoder.':
    'Importieren Sie die tokenizer.json von CLIP, die zum Encoder gehört.',
  'The sizes of this CLIP vision encoder make no sense.':
    'Die Größen dieses CLIP-Bildencoders ergeben keinen Sinn.',
  'Import the encoder again, with its config.json.':
    'Importieren Sie den Encoder noch einmal, mit seiner config.json.',
  "The adapter's added tokens do not fit the T5 text encoder.":
    'Die zusätzlichen Tokens des Adapters passen nicht zum T5-Textencoder.',
  'Use the T5 v1.1 XXL encoder that belongs to FLUX.1.':
    'Nehmen Sie den T5-v1.1-XXL-Encoder, der zu FLUX.1 gehört.',
  'The picture is too large for the autoencoder.': 'Das Bild ist zu groß für den Autoencoder.',
  'Choose a smaller size: up to 1024 x 1024 pixels in area.':
    'Wählen Sie eine kleinere Größe: bis zu 1024 × 1024 Pixel Fläche.',
  'The picture’s numbers do not match its size.': 'Die Zahlen des Bildes passen nicht zu seiner Größe.',
  'The picture does not fit the autoencoder’s grid.': 'Das Bild passt nicht ins Raster des Autoencoders.',
  'Give sides that are multiples of {n}.': 'Nehmen Sie Seiten, die Vielfache von {n} sind.',
  'The autoencoder’s cells hold no whole number of pixels.':
    'Die Zellen des Autoencoders fassen keine ganze Zahl von Pixeln.',
  'Import the model again.': 'Importieren Sie das Modell noch einmal.',
  'The autoencoder’s channels do not divide into its groups.':
    'Die Kanäle des Autoencoders lassen sich nicht in seine Gruppen teilen.',
  'No word is chosen.': 'Es ist kein Wort gewählt.',
  'Click the words that name what should come from the reference.':
    'Klicken Sie die Wörter an, die nennen, was von der Referenz kommen soll.',
  'A chosen word is not among those that the model reads.':
    'Ein gewähltes Wort ist nicht unter denen, die das Modell liest.',
  'Choose the words again; very long prompts are cut off.':
    'Wählen Sie die Wörter noch einmal; sehr lange Prompts werden abgeschnitten.',
  'A picture is missing.': 'Ein Bild fehlt.',
  'Align needs a prompt.': 'Align braucht einen Prompt.',
  'Describe what both pictures should show.': 'Beschreiben Sie, was beide Bilder zeigen sollen.',
  'The autoencoder does not fit this U-Net.': 'Der Autoencoder passt nicht zu diesem U-Net.',
  'The text encoder does not fit this U-Net.': 'Der Textencoder passt nicht zu diesem U-Net.',
  "Import Stable Diffusion's own autoencoder (VAE): FLUX's has 16 channels.":
    'Importieren Sie den eigenen Autoencoder (VAE) von Stable Diffusion: Der von FLUX hat 16 Kanäle.',
  "Import Stable Diffusion 2's own text encoder: CLIP-L is FLUX's.":
    'Importieren Sie den eigenen Textencoder von Stable Diffusion 2: CLIP-L gehört zu FLUX.',
  'The two halves of this CLIP do not belong together.':
    'Die zwei Hälften dieses CLIP gehören nicht zusammen.',
  'Import the whole model again, with its config.json.':
    'Importieren Sie das ganze Modell noch einmal, mit seiner config.json.',
  "References need DreamO's adapter.": 'Referenzen brauchen den Adapter von DreamO.',
  "Placing with FLUX needs DreamFuse's adapter.": 'Place mit FLUX braucht den Adapter von DreamFuse.',
  'Import it in the model manager and add it to this mode.':
    'Importieren Sie ihn in der Modellverwaltung, und fügen Sie ihn diesem Modus hinzu.',
  'A reference has no picture.': 'Eine Referenz hat kein Bild.',
  'There is no place for reference {n}.': 'Für Referenz {n} ist kein Platz.',
  'Use at most {n} references.': 'Nehmen Sie höchstens {n} Referenzen.',
  'The recipe is not for FLUX.2 [klein], or a reference has no picture.':
    'Das Rezept ist nicht für FLUX.2 [klein], oder eine Referenz hat kein Bild.',
  'Choose the model again, or drop the picture in again, and fuse.':
    'Wählen Sie das Modell noch einmal, oder legen Sie das Bild neu ab, und verschmelzen Sie.',
  'Reference {n} is too small or too long for FLUX.2 [klein].':
    'Referenz {n} ist für FLUX.2 [klein] zu klein oder zu lang.',
  'Use a picture with sides of at least {n} pixels, one no more than {n2} times the other.':
    'Nehmen Sie ein Bild mit Seiten von mindestens {n} Pixeln, die eine höchstens {n2}-mal so lang wie die andere.',
  'This autoencoder does not belong to this transformer.':
    'Dieser Autoencoder gehört nicht zu diesem Transformer.',
  "Use FLUX.1's own autoencoder (ae.safetensors) with FLUX.1.":
    'Nehmen Sie für FLUX.1 seinen eigenen Autoencoder (ae.safetensors).',
  'The text encoder T5 does not fit this transformer.':
    'Der Textencoder T5 passt nicht zu diesem Transformer.',
  'The text encoder CLIP does not fit this transformer.':
    'Der Textencoder CLIP passt nicht zu diesem Transformer.',
  'Use the encoders that belong to FLUX.1: CLIP ViT-L/14 and T5 v1.1 XXL.':
    'Nehmen Sie die Encoder, die zu FLUX.1 gehören: CLIP ViT-L/14 und T5 v1.1 XXL.',
  "This prompt needs T5's tokenizer, which is not installed.":
    'Dieser Prompt braucht den Tokenizer von T5, der nicht installiert ist.',
  'This prompt needs the T5 text encoder, which is not installed.':
    'Dieser Prompt braucht den T5-Textencoder, der nicht installiert ist.',
  'Import it in the model manager. A prompt that was used before, or none, works without it.':
    'Importieren Sie ihn in der Modellverwaltung. Ein schon benutzter Prompt, oder keiner, geht ohne.',
  "Use FLUX.2's own autoencoder with FLUX.2.": 'Nehmen Sie für FLUX.2 seinen eigenen Autoencoder.',
  'This text encoder does not belong to {name}.': 'Dieser Textencoder gehört nicht zu {name}.',
  'Import the one that was published with it, {name}, and delete the other.':
    'Importieren Sie den, der damit veröffentlicht wurde, {name}, und löschen Sie den anderen.',
  "This text needs Qwen's tokenizer, which is not installed.":
    'Dieser Text braucht den Tokenizer von Qwen, der nicht installiert ist.',
  'This text needs the text encoder {name}, which is not installed.':
    'Dieser Text braucht den Textencoder {name}, der nicht installiert ist.',
  'Import it in the model manager. The built-in instructions and texts that were used before work without it once they are kept.':
    'Importieren Sie ihn in der Modellverwaltung. Die eingebauten Anweisungen und schon benutzte Texte gehen ohne ihn, sobald sie gespeichert sind.',
  'This CLIP cannot compare pictures with words.': 'Dieses CLIP kann Bilder nicht mit Wörtern vergleichen.',
  'Import a CLIP model with both towers.': 'Importieren Sie ein CLIP-Modell mit beiden Türmen.',
  'The numbers of this mixture grew without bounds.': 'Die Zahlen dieser Mischung wuchsen ohne Grenze.',
  'Choose another seed, or import the transformer in another precision.':
    'Wählen Sie einen anderen Seed, oder importieren Sie den Transformer in anderer Genauigkeit.',
  'Redux, SigLIP and the transformer do not belong together.':
    'Redux, SigLIP und der Transformer gehören nicht zusammen.',
  'Use FLUX.1 Redux with SigLIP so400m (patch 14, 384 px) and FLUX.1 [dev].':
    'Nehmen Sie FLUX.1 Redux mit SigLIP so400m (Patch 14, 384 px) und FLUX.1 [dev].',
  'The balance is not that of these objects.': 'Die Balance gehört nicht zu diesen Objekten.',
  'Choose the balance again.': 'Wählen Sie die Balance noch einmal.',
  'An object has no picture.': 'Ein Objekt hat kein Bild.',
  'None of the mixtures could be judged.': 'Keine der Mischungen ließ sich bewerten.',
  'Choose the balance by hand, another seed, or import the transformer in another precision.':
    'Wählen Sie die Balance von Hand oder einen anderen Seed, oder importieren Sie den Transformer in anderer Genauigkeit.',
  'Finding the balance needs DINOv2 and a CLIP that scores.':
    'Die Suche nach der Balance braucht DINOv2 und ein CLIP, das bewertet.',
  'Import them in the model manager, or choose the balance by hand.':
    'Importieren Sie sie in der Modellverwaltung, oder wählen Sie die Balance von Hand.',
  'This model cannot compare pictures with words.':
    'Dieses Modell kann Bilder nicht mit Wörtern vergleichen.',
  'Reload the page; if it stays so, install the studio again.':
    'Laden Sie die Seite neu; bleibt es so, installieren Sie das Studio neu.',
  'This model has no {name}.': 'Dieses Modell hat kein {name}.',
  'Choose another model for this mode.': 'Wählen Sie für diesen Modus ein anderes Modell.',
  'The parts of the built-in model do not fit each other.':
    'Die Teile des eingebauten Modells passen nicht zueinander.',
  'The recipe is not for klein.': 'Das Rezept ist nicht für klein.',
  'Choose the model again and fuse.': 'Wählen Sie das Modell noch einmal, und verschmelzen Sie.',
  'The model of this recipe is no longer part of Inlay.':
    'Das Modell dieses Rezepts gehört nicht mehr zu Inlay.',
  'Restore it and fuse again.': 'Stellen Sie es wieder her, und verschmelzen Sie noch einmal.',
  'The recipe is not for FLUX.': 'Das Rezept ist nicht für FLUX.',
  'The recipe has no light.': 'Das Rezept hat kein Licht.',
  'Set the light and fuse again.': 'Stellen Sie das Licht ein, und verschmelzen Sie noch einmal.',
  'This picture does not fit into the memory that Inlay may use.':
    'Dieses Bild passt nicht in den Speicher, den Inlay nutzen darf.',
  'The model “{name}” is not here any more.': 'Das Modell „{name}“ ist nicht mehr da.',
  'Import it again in the model manager, or choose the built-in one.':
    'Importieren Sie es in der Modellverwaltung neu, oder wählen Sie das eingebaute.',
  'This needs {told}, which is not installed.': 'Dafür fehlt noch: {told}.',
  'Import it in the model manager.': 'Importieren Sie es in der Modellverwaltung.',
  'The adapter "{name}" does not fit {name2}.': 'Der Adapter „{name}“ passt nicht zu {name2}.',
  'Choose an adapter that was made for {name}.': 'Wählen Sie einen Adapter, der für {name} gemacht ist.',
  'The pack "{name}" is not what the recipe takes it for.':
    'Das Paket „{name}“ ist nicht das, wofür das Rezept es hält.',
  'Choose the models for this mode again.': 'Wählen Sie die Modelle für diesen Modus noch einmal.',
  "Stable Diffusion's autoencoder (VAE)": 'der Autoencoder (VAE) von Stable Diffusion',
  "Stable Diffusion's U-Net": 'das U-Net von Stable Diffusion',
  "Stable Diffusion's text encoder (OpenCLIP)": 'der Textencoder von Stable Diffusion (OpenCLIP)',
  "Qwen's tokenizer": 'der Tokenizer von Qwen',
  "CLIP's tokenizer": 'der Tokenizer von CLIP',
  'an adapter (LoRA)': 'ein Adapter (LoRA)',
  'the CLIP model that scores': 'das CLIP-Modell, das bewertet',
  'the CLIP text encoder': 'der CLIP-Textencoder',
  'the text encoder {name}': 'der Textencoder {name}',
  'Run it again.': 'Starten Sie es noch einmal.',
  'The language could not be loaded.': 'Die Sprache konnte nicht geladen werden.',
  'Look at the connection, then try again.': 'Prüfen Sie die Verbindung und versuchen Sie es noch einmal.',
} as const
