import type { engine as german } from '@/words/de/told/engine'

export const engine: Readonly<Record<keyof typeof german, string>> = {
  'There was not enough memory for this step.': 'この処理に必要なメモリが足りませんでした。',
  'Close other tabs or switch the backend to CPU in the settings, then try again.':
    'ほかのタブを閉じるか、設定で CPU に切り替えて、もう一度試してください。',
  'Something went wrong that we did not foresee.': '予期しない問題が起きました。',
  'Try again; if it happens again, please report the detail below.':
    'もう一度試してください。また起きる場合は、下の詳細を報告してください。',
  'The engine did not answer any more.': 'エンジンが応答しなくなりました。',
  'The engine stopped unexpectedly.': 'エンジンが予期せず停止しました。',
  'It has been started again and your document is intact; press Fuse to try again.':
    '再起動しました。ドキュメントは無事です。「合成」を押してもう一度試してください。',
  'The engine was not started.': 'エンジンが起動していません。',
  'Reload the page.': 'ページを再読み込みしてください。',
  'Choose another model.': '別のモデルを選んでください。',
  'Report this.': 'これを報告してください。',
  'This is a mistake in Inlay; please report it.': 'Inlay の不具合です。報告してください。',
  'This is a mistake in a shader of Inlay; please report it.':
    'Inlay のシェーダーの不具合です。報告してください。',
  'Choose the CPU backend in the settings and report this.': '設定で CPU を選び、これを報告してください。',
  'The GPU ran out of memory.': 'GPU のメモリが足りなくなりました。',
  'Close other tabs or choose the CPU backend.': 'ほかのタブを閉じるか、CPU を選んでください。',
  'The connection to the GPU was lost.': 'GPU との接続が切れました。',
  'Press Fuse again: the GPU is started anew. If it keeps happening, choose the CPU backend.':
    'もう一度「合成」を押すと GPU が起動し直します。何度も起きる場合は CPU を選んでください。',
  'The GPU refused to start.': 'GPU を起動できませんでした。',
  'Choose the CPU backend in the settings, or restart the browser.':
    '設定で CPU を選ぶか、ブラウザーを再起動してください。',
  'No GPU can be used: {told}.': 'GPU を使えません：{told}。',
  'No GPU can be used: {detail}.': 'GPU を使えません：{detail}。',
  'Choose the CPU backend in the settings.': '設定で CPU を選んでください。',
  'A tensor of {n} MiB is larger than this GPU can bind.':
    '{n} MiB のテンソルは、この GPU で扱える大きさを超えています。',
  "This GPU's driver computes wrong numbers ({detail}).":
    'この GPU のドライバーの計算が誤っています（{detail}）。',
  'Choose the CPU backend in the settings, or update the driver.':
    '設定で CPU を選ぶか、ドライバーを更新してください。',
  'Half-precision keys need an even head size; this model has {n}.':
    '半精度のキーには偶数のヘッドサイズが必要ですが、このモデルは {n} です。',
  'Keep its keys in float32.': 'キーを float32 のままにしてください。',
  'Maps of heads of {n} channels are not supported, 1 to {n2} are.':
    '{n} チャンネルのヘッドのマップには対応していません（1～{n2}）。',
  'Switch the maps off for this model.': 'このモデルではマップをオフにしてください。',
  'A group has {n} separate key ranges, {n2} are possible.':
    'グループに {n} 個の離れたキー範囲がありますが、{n2} 個までです。',
  'Ask for fewer words at once.': '一度に扱う単語を減らしてください。',
  'Rotary heads of {n} channels are not supported, 2 to 128 are.':
    '{n} チャンネルの回転ヘッドには対応していません（2～128）。',
  'Use another model.': '別のモデルを使ってください。',
  'A position map with a coefficient of {n} is out of range.': '係数 {n} の位置マップは範囲外です。',
  'Place the object nearer to the picture.': 'オブジェクトを画像の近くに置いてください。',
  'Keep its keys and values in float32.': 'キーと値を float32 のままにしてください。',
  'Attention heads of {n} channels are not supported, 1 to {n2} are.':
    '{n} チャンネルのアテンションヘッドには対応していません（1～{n2}）。',
  'A query segment sees {n} separate key ranges, {n2} are possible.':
    'クエリの区間が {n} 個の離れたキー範囲を見ていますが、{n2} 個までです。',
  'Use fewer references.': '参照を減らしてください。',
  'This model needs the operator {name}, which the runtime of this studio does not have.':
    'このモデルには演算 {name} が必要ですが、このスタジオの実行環境にはありません。',
  'The runtime of this studio cannot run this model.': 'このスタジオの実行環境ではこのモデルを動かせません。',
  'Choose another export of it, or the built-in model.':
    '別の形式で書き出したものか、内蔵モデルを選んでください。',
  'This model needs more memory than the browser gives.':
    'このモデルには、ブラウザーが使える以上のメモリが必要です。',
  'Choose a smaller one (u2netp, or weights of 8 or 16 bits), or the built-in one.':
    'もっと小さいもの（u2netp、または 8・16 ビットの重み）か、内蔵のものを選んでください。',
  'The prompt has the wrong number of tokens for this text encoder.':
    'プロンプトのトークン数がこのテキストエンコーダーに合いません。',
  'Import the CLIP tokenizer.json that belongs to the encoder.':
    'エンコーダーに対応する CLIP の tokenizer.json を取り込んでください。',
  'The sizes of this CLIP vision encoder make no sense.':
    'この CLIP 画像エンコーダーの寸法が正しくありません。',
  'Import the encoder again, with its config.json.':
    'エンコーダーを config.json と一緒に取り込み直してください。',
  "The adapter's added tokens do not fit the T5 text encoder.":
    'アダプターの追加トークンが T5 テキストエンコーダーに合いません。',
  'Use the T5 v1.1 XXL encoder that belongs to FLUX.1.':
    'FLUX.1 に対応する T5 v1.1 XXL エンコーダーを使ってください。',
  'The picture is too large for the autoencoder.': '画像がオートエンコーダーには大きすぎます。',
  'Choose a smaller size: up to 1024 x 1024 pixels in area.':
    'もっと小さなサイズを選んでください（面積で 1024 × 1024 ピクセルまで）。',
  'The picture’s numbers do not match its size.': '画像の数値がサイズと合いません。',
  'The picture does not fit the autoencoder’s grid.': '画像がオートエンコーダーの格子に合いません。',
  'Give sides that are multiples of {n}.': '辺の長さを {n} の倍数にしてください。',
  'The autoencoder’s cells hold no whole number of pixels.':
    'オートエンコーダーのセルに入るピクセル数が整数になりません。',
  'Import the model again.': 'モデルを取り込み直してください。',
  'The autoencoder’s channels do not divide into its groups.':
    'オートエンコーダーのチャンネルをグループに分けられません。',
  'No word is chosen.': '単語が選ばれていません。',
  'Click the words that name what should come from the reference.':
    '参照から持ってくるものを表す単語をクリックしてください。',
  'A chosen word is not among those that the model reads.': '選んだ単語がモデルの読む範囲にありません。',
  'Choose the words again; very long prompts are cut off.':
    '単語を選び直してください。長すぎるプロンプトは途中で切れます。',
  'A picture is missing.': '画像が足りません。',
  'Align needs a prompt.': 'Align にはプロンプトが必要です。',
  'Describe what both pictures should show.': '両方の画像に写るべきものを書いてください。',
  'The autoencoder does not fit this U-Net.': 'オートエンコーダーがこの U-Net に合いません。',
  'The text encoder does not fit this U-Net.': 'テキストエンコーダーがこの U-Net に合いません。',
  "Import Stable Diffusion's own autoencoder (VAE): FLUX's has 16 channels.":
    'Stable Diffusion 自身のオートエンコーダー（VAE）を取り込んでください。FLUX のものは 16 チャンネルです。',
  "Import Stable Diffusion 2's own text encoder: CLIP-L is FLUX's.":
    'Stable Diffusion 2 自身のテキストエンコーダーを取り込んでください。CLIP-L は FLUX のものです。',
  'The two halves of this CLIP do not belong together.': 'この CLIP の2つの部分は対応していません。',
  'Import the whole model again, with its config.json.':
    'モデル全体を config.json と一緒に取り込み直してください。',
  "References need DreamO's adapter.": '参照には DreamO のアダプターが必要です。',
  "Placing with FLUX needs DreamFuse's adapter.": 'FLUX での配置には DreamFuse のアダプターが必要です。',
  'Import it in the model manager and add it to this mode.':
    'モデル管理で取り込み、このモードに追加してください。',
  'A reference has no picture.': '画像のない参照があります。',
  'There is no place for reference {n}.': '参照 {n} の入る場所がありません。',
  'Use at most {n} references.': '参照は {n} 個までにしてください。',
  'The recipe is not for FLUX.2 [klein], or a reference has no picture.':
    'レシピが FLUX.2 [klein] 用でないか、画像のない参照があります。',
  'Choose the model again, or drop the picture in again, and fuse.':
    'モデルを選び直すか、画像をもう一度ドロップして、合成してください。',
  'Reference {n} is too small or too long for FLUX.2 [klein].':
    '参照 {n} は FLUX.2 [klein] には小さすぎるか細長すぎます。',
  'Use a picture with sides of at least {n} pixels, one no more than {n2} times the other.':
    '一辺が {n} ピクセル以上で、縦横の比が {n2} 倍以内の画像を使ってください。',
  'This autoencoder does not belong to this transformer.':
    'このオートエンコーダーはこの Transformer のものではありません。',
  "Use FLUX.1's own autoencoder (ae.safetensors) with FLUX.1.":
    'FLUX.1 には専用のオートエンコーダー（ae.safetensors）を使ってください。',
  'The text encoder T5 does not fit this transformer.':
    'テキストエンコーダー T5 がこの Transformer に合いません。',
  'The text encoder CLIP does not fit this transformer.':
    'テキストエンコーダー CLIP がこの Transformer に合いません。',
  'Use the encoders that belong to FLUX.1: CLIP ViT-L/14 and T5 v1.1 XXL.':
    'FLUX.1 に対応するエンコーダー（CLIP ViT-L/14 と T5 v1.1 XXL）を使ってください。',
  "This prompt needs T5's tokenizer, which is not installed.":
    'このプロンプトには T5 のトークナイザーが必要ですが、インストールされていません。',
  'This prompt needs the T5 text encoder, which is not installed.':
    'このプロンプトには T5 テキストエンコーダーが必要ですが、インストールされていません。',
  'Import it in the model manager. A prompt that was used before, or none, works without it.':
    'モデル管理で取り込んでください。以前に使ったプロンプト、またはプロンプトなしなら、なくても動きます。',
  "Use FLUX.2's own autoencoder with FLUX.2.": 'FLUX.2 には専用のオートエンコーダーを使ってください。',
  'This text encoder does not belong to {name}.': 'このテキストエンコーダーは {name} のものではありません。',
  'Import the one that was published with it, {name}, and delete the other.':
    '一緒に公開された {name} を取り込み、もう一方を削除してください。',
  "This text needs Qwen's tokenizer, which is not installed.":
    'このテキストには Qwen のトークナイザーが必要ですが、インストールされていません。',
  'This text needs the text encoder {name}, which is not installed.':
    'このテキストにはテキストエンコーダー {name} が必要ですが、インストールされていません。',
  'Import it in the model manager. The built-in instructions and texts that were used before work without it once they are kept.':
    'モデル管理で取り込んでください。内蔵の指示文や以前に使ったテキストは、保存されていれば、なくても動きます。',
  'This CLIP cannot compare pictures with words.': 'この CLIP は画像と言葉を比べられません。',
  'Import a CLIP model with both towers.': '画像とテキストの両方を持つ CLIP モデルを取り込んでください。',
  'The numbers of this mixture grew without bounds.': 'この混合の数値が際限なく大きくなりました。',
  'Choose another seed, or import the transformer in another precision.':
    '別のシードを選ぶか、Transformer を別の精度で取り込んでください。',
  'Redux, SigLIP and the transformer do not belong together.':
    'Redux、SigLIP、Transformer が対応していません。',
  'Use FLUX.1 Redux with SigLIP so400m (patch 14, 384 px) and FLUX.1 [dev].':
    'FLUX.1 Redux、SigLIP so400m（patch 14、384 px）、FLUX.1 [dev] を組み合わせてください。',
  'The balance is not that of these objects.': 'バランスがこれらのオブジェクトのものではありません。',
  'Choose the balance again.': 'バランスを選び直してください。',
  'An object has no picture.': '画像のないオブジェクトがあります。',
  'None of the mixtures could be judged.': 'どの混合も評価できませんでした。',
  'Choose the balance by hand, another seed, or import the transformer in another precision.':
    'バランスを手動で選ぶか、別のシードにするか、Transformer を別の精度で取り込んでください。',
  'Finding the balance needs DINOv2 and a CLIP that scores.':
    'バランスを探すには DINOv2 と採点用の CLIP が必要です。',
  'Import them in the model manager, or choose the balance by hand.':
    'モデル管理で取り込むか、バランスを手動で選んでください。',
  'This model cannot compare pictures with words.': 'このモデルは画像と言葉を比べられません。',
  'Reload the page; if it stays so, install the studio again.':
    'ページを再読み込みしてください。直らない場合は、スタジオを入れ直してください。',
  'This model has no {name}.': 'このモデルには {name} がありません。',
  'Choose another model for this mode.': 'このモードには別のモデルを選んでください。',
  'The parts of the built-in model do not fit each other.': '内蔵モデルの各部分が互いに合いません。',
  'The recipe is not for klein.': 'レシピが klein 用ではありません。',
  'Choose the model again and fuse.': 'モデルを選び直して合成してください。',
  'The model of this recipe is no longer part of Inlay.':
    'このレシピのモデルはもう Inlay に含まれていません。',
  'Restore it and fuse again.': '復元してもう一度合成してください。',
  'The recipe is not for FLUX.': 'レシピが FLUX 用ではありません。',
  'The recipe has no light.': 'レシピに光がありません。',
  'Set the light and fuse again.': '光を設定して、もう一度合成してください。',
  'This picture does not fit into the memory that Inlay may use.':
    'この画像は Inlay が使えるメモリに収まりません。',
  'The model “{name}” is not here any more.': 'モデル「{name}」はもうここにありません。',
  'Import it again in the model manager, or choose the built-in one.':
    'モデル管理で取り込み直すか、内蔵のものを選んでください。',
  'This needs {told}, which is not installed.': '必要なものが未インストールです：{told}。',
  'Import it in the model manager.': 'モデル管理で取り込んでください。',
  'The adapter "{name}" does not fit {name2}.': 'アダプター「{name}」は {name2} に合いません。',
  'Choose an adapter that was made for {name}.': '{name} 用に作られたアダプターを選んでください。',
  'The pack "{name}" is not what the recipe takes it for.':
    'パック「{name}」はレシピが想定するものと異なります。',
  'Choose the models for this mode again.': 'このモードのモデルを選び直してください。',
  "Stable Diffusion's autoencoder (VAE)": 'Stable Diffusion のオートエンコーダー（VAE）',
  "Stable Diffusion's U-Net": 'Stable Diffusion の U-Net',
  "Stable Diffusion's text encoder (OpenCLIP)": 'Stable Diffusion のテキストエンコーダー（OpenCLIP）',
  "Qwen's tokenizer": 'Qwen のトークナイザー',
  "CLIP's tokenizer": 'CLIP のトークナイザー',
  'an adapter (LoRA)': 'アダプター（LoRA）',
  'the CLIP model that scores': '採点用の CLIP モデル',
  'the CLIP text encoder': 'CLIP テキストエンコーダー',
  'the text encoder {name}': 'テキストエンコーダー {name}',
  'Run it again.': 'もう一度実行してください。',
  'The language could not be loaded.': '言語を読み込めませんでした。',
  'Look at the connection, then try again.': '接続を確認してから、もう一度お試しください。',
}
