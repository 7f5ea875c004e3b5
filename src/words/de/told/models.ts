/** Problems with weights. */
export const models = {
  'The model librarian did not answer any more.': 'Die Modellverwaltung antwortete nicht mehr.',
  'The model librarian stopped unexpectedly.': 'Die Modellverwaltung ist unerwartet stehen geblieben.',
  'Installed models are safe. Start the import again: it goes on where it stopped.':
    'Installierte Modelle sind sicher. Starten Sie den Import neu: Er geht dort weiter, wo er stehen blieb.',
  'The weights lack the tensor "{name}".': 'Den Gewichten fehlt der Tensor „{name}“.',
  'Check that all files of the model are there and belong together.':
    'Prüfen Sie, ob alle Dateien des Modells da sind und zusammengehören.',
  'The tensor "{name}" has the wrong shape.': 'Der Tensor „{name}“ hat die falsche Form.',
  'Check that the file belongs to this model.': 'Prüfen Sie, ob die Datei zu diesem Modell gehört.',
  'The sizes of this {detail} make no sense.': 'Die Größen dieses Netzes ({detail}) ergeben keinen Sinn.',
  'Check that the file is whole; if it comes with a config.json, choose both together.':
    'Prüfen Sie, ob die Datei vollständig ist; gehört eine config.json dazu, wählen Sie beide zusammen.',
  '“{name}” cuts out, perhaps, but how it wants its pictures cannot be told.':
    '„{name}“ stellt vielleicht frei, aber wie es seine Bilder möchte, ist nicht zu erkennen.',
  '“{name}” is an ONNX model, but gives no mask of one channel.':
    '„{name}“ ist ein ONNX-Modell, gibt aber keine Maske mit einem Kanal.',
  '“{name}” is an ONNX model, but its pictures are not of float32.':
    '„{name}“ ist ein ONNX-Modell, aber seine Bilder sind nicht in float32.',
  '“{name}” takes or gives 16-bit numbers.': '„{name}“ nimmt oder gibt 16-Bit-Zahlen.',
  '“{name}” is an ONNX model, but none that cuts out of a colour picture.':
    '„{name}“ ist ein ONNX-Modell, aber keines, das aus einem Farbbild freistellt.',
  '“{name}” takes its pictures pixel by pixel (NHWC).': '„{name}“ nimmt seine Bilder Pixel für Pixel (NHWC).',
  '“{name}” is an ONNX model that needs more than a picture, so it cannot cut out by itself.':
    '„{name}“ ist ein ONNX-Modell, das mehr als ein Bild braucht, also allein nicht freistellen kann.',
  '“{name}” is an ONNX model without an input or an output.':
    '„{name}“ ist ein ONNX-Modell ohne Eingang oder Ausgang.',
  'Choose the export whose input and output are float32; its weights may have 16 bits.':
    'Wählen Sie den Export, dessen Ein- und Ausgang float32 sind; seine Gewichte dürfen 16 Bit haben.',
  'Choose the export for PyTorch’s order, NCHW.':
    'Wählen Sie den Export in der Reihenfolge von PyTorch, NCHW.',
  'Inlay takes U²-Net (u2net, u2netp, silueta), ISNet, BiRefNet, RMBG and MODNet: one colour picture in, one mask out.':
    'Inlay nimmt U²-Net (u2net, u2netp, silueta), ISNet, BiRefNet, RMBG und MODNet: ein Farbbild hinein, eine Maske heraus.',
  'The T5 tokenizer has a rule that we do not know.':
    'Der T5-Tokenizer hat eine Regel, die wir nicht kennen.',
  'The T5 tokenizer has a pre-tokenizer that we do not know.':
    'Der T5-Tokenizer hat einen Vor-Tokenizer, den wir nicht kennen.',
  'The T5 tokenizer has a normalizer that we do not know.':
    'Der T5-Tokenizer hat einen Normalisierer, den wir nicht kennen.',
  'Choose the tokenizer.json of the T5 v1.1 encoder (FLUX.1: folder tokenizer_2).':
    'Wählen Sie die tokenizer.json des T5-v1.1-Encoders (FLUX.1: Ordner tokenizer_2).',
  'This tokenizer is none that is known here.': 'Dieser Tokenizer ist hier nicht bekannt.',
  'This is the {told}, not that of {name}.': 'Das ist: {told}. Gebraucht wird der von {name}.',
  'This is not a tokenizer.json.': 'Das ist keine tokenizer.json.',
  'The {name} tokenizer cannot be used: {detail}.': 'Der Tokenizer von {name} ist nicht nutzbar: {detail}.',
  '"{name}" is not a JSON file.': '„{name}“ ist keine JSON-Datei.',
  'Choose a tokenizer.json as the authors publish it.':
    'Wählen Sie eine tokenizer.json, wie die Autoren sie veröffentlichen.',
  '"{name}" is too large for a tokenizer.': '„{name}“ ist für einen Tokenizer zu groß.',
  'FLUX.1 reads prompts with CLIP-L and T5 v1.1 XXL, FLUX.2 [klein] with Qwen3-4B.':
    'FLUX.1 liest Prompts mit CLIP-L und T5 v1.1 XXL, FLUX.2 [klein] mit Qwen3-4B.',
  '“{name}” {told}': '„{name}“ {told}',
  'is a language model (Llama, Mistral or alike), which no mode uses.':
    'ist ein Sprachmodell (Llama, Mistral oder ähnlich), das kein Modus nutzt.',
  'Choose the T5 v1.1 XXL encoder of FLUX.1.': 'Wählen Sie den T5-v1.1-XXL-Encoder von FLUX.1.',
  'is the encoder of UMT5, whose vocabulary is another.':
    'ist der Encoder von UMT5, dessen Wortschatz ein anderer ist.',
  'Choose FLUX.1 [dev].': 'Wählen Sie FLUX.1 [dev].',
  'is a Qwen-Image transformer.': 'ist ein Qwen-Image-Transformer.',
  'is a transformer for films (HunyuanVideo).': 'ist ein Transformer für Filme (HunyuanVideo).',
  'Choose a LoRA.': 'Wählen Sie eine LoRA.',
  'is an adapter for pictures as prompts (IP-Adapter, PuLID), which no mode uses.':
    'ist ein Adapter für Bilder als Prompts (IP-Adapter, PuLID), den kein Modus nutzt.',
  'Choose a transformer, a U-Net or a LoRA.': 'Wählen Sie einen Transformer, ein U-Net oder eine LoRA.',
  'is a ControlNet, which no mode uses.': 'ist ein ControlNet, das kein Modus nutzt.',
  'is Chroma, a relative of FLUX that no mode is made for.':
    'ist Chroma, ein Verwandter von FLUX, für den kein Modus gemacht ist.',
  'Choose FLUX.1 [dev], or Stable Diffusion 2.1-base for Align.':
    'Wählen Sie FLUX.1 [dev], oder für Align Stable Diffusion 2.1-base.',
  'is a Stable Diffusion 3 transformer, which no mode is made for.':
    'ist ein Transformer von Stable Diffusion 3, für den kein Modus gemacht ist.',
  'This is the encoder of {detail}; FLUX needs that of T5 v1.1 XXL.':
    'Das ist der Encoder von {detail}; FLUX braucht den von T5 v1.1 XXL.',
  'This is a T5 of the first version.': 'Das ist ein T5 der ersten Version.',
  'FLUX needs the encoder of T5 v1.1 (google/t5-v1_1-xxl), whose feed-forward is gated.':
    'FLUX braucht den Encoder von T5 v1.1 (google/t5-v1_1-xxl), dessen Feed-Forward ein Gate hat.',
  'This is not a T5 encoder.': 'Das ist kein T5-Encoder.',
  'Choose the T5 v1.1 encoder of FLUX.': 'Wählen Sie den T5-v1.1-Encoder von FLUX.',
  'No diffusers name is known for "{name}".': 'Für „{name}“ ist kein diffusers-Name bekannt.',
  "The config.json does not fit this FLUX's heads.": 'Die config.json passt nicht zu den Köpfen dieses FLUX.',
  'Choose the config.json that came with it.': 'Wählen Sie die config.json, die dazugehört.',
  'This FLUX has heads of {n} numbers; how they share the positions is not in the weights.':
    'Dieses FLUX hat Köpfe mit {n} Zahlen; wie sie die Positionen teilen, steht nicht in den Gewichten.',
  'Choose its config.json together with it.': 'Wählen Sie seine config.json mit dazu.',
  'This is {told}: no mode is made for it.': 'Das ist {told}: Dafür ist kein Modus gemacht.',
  'FLUX.1 Fill, which also takes a picture and its mask':
    'FLUX.1 Fill, das auch ein Bild und seine Maske nimmt',
  'FLUX.1 Canny or Depth, which also takes a picture of edges or depth':
    'FLUX.1 Canny oder Depth, das auch ein Bild von Kanten oder Tiefe nimmt',
  'a FLUX for other tokens': 'ein FLUX für andere Tokens',
  'This seems to be {detail}: DreamFuse and DreamO run on it, but were made for FLUX.1 [dev].':
    'Das scheint {detail} zu sein: DreamFuse und DreamO laufen darauf, sind aber für FLUX.1 [dev] gemacht.',
  'This is not a FLUX checkpoint.': 'Das ist kein FLUX-Checkpoint.',
  'Choose a file in the layout of the authors or of diffusers.':
    'Wählen Sie eine Datei im Aufbau der Autoren oder von diffusers.',
  'Check that the file is whole.': 'Prüfen Sie, ob die Datei vollständig ist.',
  'This is {detail}, which no FLUX.2 reads prompts with.':
    'Das ist {detail}; damit liest kein FLUX.2 Prompts.',
  'Choose the text encoder of FLUX.2 [klein] 4B, which is Qwen3-4B.':
    'Wählen Sie den Textencoder von FLUX.2 [klein] 4B, das ist Qwen3-4B.',
  'This is Qwen3-8B, which FLUX.2 [klein] 9B reads prompts with; 4B needs Qwen3-4B.':
    'Das ist Qwen3-8B, womit FLUX.2 [klein] 9B Prompts liest; 4B braucht Qwen3-4B.',
  'This is [klein] 9B, whose licence is for non-commercial use. It reads prompts with Qwen3-8B.':
    'Das ist [klein] 9B, dessen Lizenz für nichtkommerzielle Nutzung gilt. Es liest Prompts mit Qwen3-8B.',
  'This is not a Qwen3.': 'Das ist kein Qwen3.',
  'Choose the text encoder of FLUX.2 [klein].': 'Wählen Sie den Textencoder von FLUX.2 [klein].',
  "The positions' axes do not fit this FLUX.2's heads.":
    'Die Achsen der Positionen passen nicht zu den Köpfen dieses FLUX.2.',
  'This is not a FLUX.2 transformer.': 'Das ist kein FLUX.2-Transformer.',
  'This is FLUX.2 [dev], which takes its guidance as a number and reads prompts with a text encoder of 24 billion numbers.':
    'Das ist FLUX.2 [dev], das seine Führung als Zahl nimmt und Prompts mit einem Textencoder von 24 Milliarden Zahlen liest.',
  'This is FLUX.2 [klein] 9B-KV, whose reference pictures see themselves alone.':
    'Das ist FLUX.2 [klein] 9B-KV, dessen Referenzbilder nur sich selbst sehen.',
  'Choose FLUX.2 [klein] 4B.': 'Wählen Sie FLUX.2 [klein] 4B.',
  'Choose Stable Diffusion 2.1-base, or SD-Turbo.': 'Wählen Sie Stable Diffusion 2.1-base oder SD-Turbo.',
  'is a U-Net that takes its guidance as a number (LCM), which Align cannot run.':
    'ist ein U-Net, das seine Führung als Zahl nimmt (LCM); das kann Align nicht ausführen.',
  'Choose a U-Net of Stable Diffusion 2.': 'Wählen Sie ein U-Net von Stable Diffusion 2.',
  'is a motion module for films, which no mode uses.':
    'ist ein Bewegungsmodul für Filme, das kein Modus nutzt.',
  'This is a U-Net for inpainting, depth or upscaling, which Align cannot run.':
    'Das ist ein U-Net zum Ausfüllen, für Tiefe oder zum Vergrößern; das kann Align nicht ausführen.',
  'This is a U-Net that also takes labels or pictures (an upscaler, unCLIP), which Align cannot run.':
    'Das ist ein U-Net, das auch Etiketten oder Bilder nimmt (Vergrößerer, unCLIP); das kann Align nicht ausführen.',
  'This is a U-Net of Stable Diffusion 1, which Align cannot run.':
    'Das ist ein U-Net von Stable Diffusion 1; das kann Align nicht ausführen.',
  'This is a U-Net of Stable Diffusion XL, which Align cannot run.':
    'Das ist ein U-Net von Stable Diffusion XL; das kann Align nicht ausführen.',
  "Choose Stable Diffusion 2.1-base's U-Net, or SD-Turbo's.":
    'Wählen Sie das U-Net von Stable Diffusion 2.1-base oder von SD-Turbo.',
  'If it comes with a config.json, choose both together.':
    'Gehört eine config.json dazu, wählen Sie beide zusammen.',
  'This is not a U-Net.': 'Das ist kein U-Net.',
  "Choose Stable Diffusion 2.1-base's, or SD-Turbo's.":
    'Wählen Sie das von Stable Diffusion 2.1-base oder von SD-Turbo.',
  'This is not an autoencoder.': 'Das ist kein Autoencoder.',
  'Choose the autoencoder (VAE) of FLUX.': 'Wählen Sie den Autoencoder (VAE) von FLUX.',
  'This is the autoencoder of {name}, which no mode uses.':
    'Das ist der Autoencoder von {name}, den kein Modus nutzt.',
  "Choose that of FLUX.1 (ae.safetensors), or Stable Diffusion 2's for Align.":
    'Wählen Sie den von FLUX.1 (ae.safetensors), oder für Align den von Stable Diffusion 2.',
  'The towers of this CLIP model do not belong together.':
    'Die Türme dieses CLIP-Modells gehören nicht zusammen.',
  'Get the file again from where it came.': 'Holen Sie die Datei noch einmal, woher sie kam.',
  'This is not a CLIP model with both towers.': 'Das ist kein CLIP-Modell mit beiden Türmen.',
  'Choose a CLIP model for pictures and text, such as CLIP-ViT-H-14.':
    'Wählen Sie ein CLIP-Modell für Bilder und Text, etwa CLIP-ViT-H-14.',
  'This is the text encoder of {detail}, which no mode reads prompts with.':
    'Das ist der Textencoder von {detail}; damit liest kein Modus Prompts.',
  "Choose FLUX's CLIP-L, or Stable Diffusion 2's text encoder.":
    'Wählen Sie CLIP-L von FLUX oder den Textencoder von Stable Diffusion 2.',
  'This is not a CLIP text encoder.': 'Das ist kein CLIP-Textencoder.',
  'This is the giant DINOv2, whose layers are built otherwise.':
    'Das ist das riesige DINOv2, dessen Schichten anders gebaut sind.',
  'Choose DINOv2 in its small, base or large size.': 'Wählen Sie DINOv2 in der Größe small, base oder large.',
  'This is not a DINO vision encoder.': 'Das ist kein DINO-Bildencoder.',
  'Choose DINOv2, for example its base size.': 'Wählen Sie DINOv2, etwa in der Größe base.',
  'This is not a SigLIP vision encoder.': 'Das ist kein SigLIP-Bildencoder.',
  'Choose the image encoder of FLUX.1 Redux.': 'Wählen Sie den Bildencoder von FLUX.1 Redux.',
} as const
