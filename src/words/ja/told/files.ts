import type { files as german } from '@/words/de/told/files'

export const files: Readonly<Record<keyof typeof german, string>> = {
  'The file "{name}" cannot be read.': 'ファイル「{name}」を読み込めません。',
  '“{name}” cannot be read.': '「{name}」を読み取れません。',
  'It may have been moved, or the system keeps it from being read.':
    '移動されたか、システムが読み取りを許可していない可能性があります。',
  'Drop it in, or open it again.': 'ドロップするか、もう一度開いてください。',
  'What another program shared with the studio cannot be read.':
    'ほかのプログラムからスタジオに共有されたものを読み取れません。',
  'Share it again, or drop it in.': 'もう一度共有するか、ドロップしてください。',
  'This file holds a tensor that is not understood: "{name}".':
    'このファイルには解釈できないテンソルがあります：「{name}」',
  'It may be packed, or a relative of the model that cannot be used. Get the model as its authors publish it.':
    '圧縮されているか、使えない派生モデルかもしれません。作者が公開しているモデルを入手してください。',
  'The tensor "{name}" is packed, or lacks its scale: it is stored as {detail}.':
    'テンソル「{name}」は圧縮されているか、スケールがありません（保存形式：{detail}）。',
  'Get the bf16, f16 or fp8 safetensors file as its authors publish it; Inlay makes 4 or 8 bits of it.':
    '作者が公開している bf16・f16・fp8 の safetensors ファイルを入手してください。4・8 ビットへの変換は Inlay が行います。',
  'The file "{name}" is missing.': 'ファイル「{name}」がありません。',
  'Choose all parts of the model together, with their index file.':
    'モデルのすべての部分を、索引ファイルと一緒に選んでください。',
  'Get the file "{name}" again from where it came.': '入手元からファイル「{name}」を取得し直してください。',
  'The tensor "{name}" is in two files.': 'テンソル「{name}」が2つのファイルにあります。',
  'Choose the files of one model only.': '1つのモデルのファイルだけを選んでください。',
  'The file "{name}" is broken: {detail}.': 'ファイル「{name}」は壊れています：{detail}。',
  '“{name}” is no ONNX model, or a damaged one.': '「{name}」は ONNX モデルではないか、壊れています。',
  'Get the file again from where it came; a download that broke off looks like this.':
    '入手元からファイルを取得し直してください。途中で切れたダウンロードはこうなります。',
  '“{name}” has rotated 8-bit weights (ConvRot), which are not supported.':
    '「{name}」には回転された 8 ビットの重み（ConvRot）があり、対応していません。',
  '“{name}” is quantised in a way that is not supported ({detail}).':
    '「{name}」の量子化方式には対応していません（{detail}）。',
  'The scales "{name}" are packed themselves.': 'スケール「{name}」自体が圧縮されています。',
  'The scales "{name}" are not one per tensor or per row.':
    'スケール「{name}」がテンソルごとでも行ごとでもありません。',
  'The weights file "{name}" holds numbers of the type {detail}, which is not supported.':
    '重みファイル「{name}」の数値型 {detail} には対応していません。',
  'The weights file "{name}" is broken: {detail}.': '重みファイル「{name}」は壊れています：{detail}。',
  'An adapter cannot be merged into quantised weights.': 'アダプターは量子化された重みに統合できません。',
  'Use it beside the weights, or merge it before they are quantised.':
    '重みと並べて使うか、量子化の前に統合してください。',
  'Only f32 linears are quantised.': '量子化できるのは f32 の線形層だけです。',
  'The tokenizer does not fit the text encoder.': 'トークナイザーがテキストエンコーダーに合いません。',
  'Import the tokenizer.json that belongs to the encoder.':
    'エンコーダーに対応する tokenizer.json を取り込んでください。',
  'Rows outside of a tensor were asked for.': 'テンソルの範囲外の行が要求されました。',
  'Nothing is converted to bf16.': 'bf16 への変換は行いません。',
  'A quantised tensor has no scales.': 'スケールのない量子化テンソルがあります。',
  'The tensor "{name}" has numbers that are infinite, no numbers or beyond 16 bits.':
    'テンソル「{name}」に、無限大・非数・16 ビットを超える値があります。',
  'The download broke off.': 'ダウンロードが途中で切れました。',
  'Try again: what has come stays, and the download goes on from there.':
    'もう一度試してください。取得済みの分は残り、そこから続きます。',
  'Delete models or results that you no longer need, then try again: the download goes on from there.':
    '要らないモデルや結果を削除して、もう一度試してください。ダウンロードはそこから続きます。',
  'The file at this address has changed since the download began.':
    'このアドレスのファイルは、ダウンロードの開始後に変わりました。',
  'Try again: the old part has been thrown away and the download begins anew.':
    'もう一度試してください。古い部分は捨て、最初からダウンロードします。',
  'There is no file at this address.': 'このアドレスにファイルがありません。',
  'The site does not let you have this file without signing in.':
    'このサイトでは、サインインしないとファイルを取得できません。',
  'The server refused the download.': 'サーバーがダウンロードを拒否しました。',
  'Accept its licence and download it there yourself, then drop the file here.':
    'ライセンスに同意してご自身でダウンロードし、ファイルをここへドロップしてください。',
  'Check the address, then try again.': 'アドレスを確認して、もう一度試してください。',
  'The address could not be reached.': 'アドレスに接続できませんでした。',
  'Check the address and the connection. Some sites forbid other pages to read their files (CORS): then download the file yourself and drop it here.':
    'アドレスと接続を確認してください。ほかのページからの読み取りを禁じているサイト（CORS）もあります。その場合は、ご自身でダウンロードしてここへドロップしてください。',
  'The downloaded file is not the one that was expected; it has been thrown away.':
    'ダウンロードしたファイルが想定と異なるため、捨てました。',
  'Check the address and the sha256 that you typed, then try again.':
    '入力したアドレスと sha256 を確認して、もう一度試してください。',
  'This is not an address that can be downloaded.': 'ダウンロードできるアドレスではありません。',
  'Type an address that begins with https://.': 'https:// で始まるアドレスを入力してください。',
  'The file "{name}" has the wrong size.': 'ファイル「{name}」の大きさが正しくありません。',
  'Choose all files of the pack together.': 'パックのファイルをすべて一緒に選んでください。',
  'The manifest of this pack is broken.': 'このパックのマニフェストが壊れています。',
  'Copy the pack again.': 'パックをコピーし直してください。',
  'This is the built-in model, which is there already.': 'これは内蔵モデルで、すでにあります。',
  'Nothing needs to be imported.': '取り込む必要はありません。',
  'Copy the pack again from where it came.': '入手元からパックをコピーし直してください。',
  '“{name}” keeps its weights in another file, “{name2}”.':
    '「{name}」の重みは別のファイル「{name2}」にあります。',
  'Choose, or export, the model as one ONNX file.':
    'モデルを1つの ONNX ファイルとして選ぶか、書き出してください。',
  '“{name}” is no model that Inlay knows.': '「{name}」は Inlay が対応しているモデルではありません。',
  'Choose the safetensors files themselves; of JSON files only a tokenizer.json is a model of its own.':
    'safetensors ファイルそのものを選んでください。JSON ファイルで単独のモデルになるのは tokenizer.json だけです。',
  '“{name}” is an adapter for {detail}.': '「{name}」は別のネットワーク用のアダプターです（{detail}）。',
  'Inlay takes transformers of FLUX.1 and FLUX.2 [klein], U-Nets of Stable Diffusion 2, their LoRAs, CLIP, T5 v1.1 and Qwen3 text encoders, autoencoders, tokenizer.json files, and networks that cut out as ONNX.':
    'Inlay に取り込めるのは、FLUX.1 と FLUX.2 [klein] の Transformer、Stable Diffusion 2 の U-Net、それらの LoRA、CLIP・T5 v1.1・Qwen3 のテキストエンコーダー、オートエンコーダー、tokenizer.json、切り抜き用の ONNX ネットワークです。',
  '“{name}” holds texts, no model.': '「{name}」に入っているのはテキストで、モデルではありません。',
  'Import it under “Texts for FLUX.2 [klein]”.': '「FLUX.2 [klein] 用のテキスト」で取り込んでください。',
  "The browser's storage is full: this model needs {n} GB more.":
    'ブラウザーのストレージがいっぱいです。このモデルにはあと {n} GB 必要です。',
  'Delete models or results that you no longer need, or free space on this device, then import again: it goes on where it stopped.':
    '要らないモデルや結果を削除するか、このデバイスの空き容量を増やして、もう一度取り込んでください。止まったところから続きます。',
  'The file "{name}" is damaged.': 'ファイル「{name}」が壊れています。',
  'Import it again; if it happens again, the disk or the copy that you import from is faulty.':
    'もう一度取り込んでください。また起きる場合は、ディスクか取り込み元のコピーに問題があります。',
  '“{name}” is not a safetensors file.': '「{name}」は safetensors ファイルではありません。',
  'is in the GGUF format, which is not supported.': 'は GGUF 形式で、対応していません。',
  'Get the same weights as safetensors.': '同じ重みを safetensors で入手してください。',
  'is a Python pickle, which can run any code when it is opened.':
    'は Python の pickle で、開くと任意のコードが実行されるおそれがあります。',
  'The strength of an adapter is not a number.': 'アダプターの強さが数値ではありません。',
  'Set it again.': '設定し直してください。',
  'The adapter does not fit the model at "{name}".': 'アダプターが「{name}」でモデルに合いません。',
  'Check that it was made for this model.': 'このモデル用に作られたものか確認してください。',
  'This adapter needs image tokens of {n} channels where the model has {n2}.':
    'このアダプターには {n} チャンネルの画像トークンが必要ですが、モデルは {n2} です。',
  'It was made for a control model (depth, edges, fill), which is not supported.':
    '制御モデル（奥行き、輪郭、補完）用で、対応していません。',
  'The model has no layer for the adapter\'s module "{name}".':
    'アダプターのモジュール「{name}」に対応する層がモデルにありません。',
  'Choose an adapter that was made for this model; pruned models have fewer blocks.':
    'このモデル用に作られたアダプターを選んでください。枝刈りされたモデルはブロックが少なくなっています。',
  'The alpha of the adapter\'s module "{name}" is not a number.':
    'アダプターのモジュール「{name}」の alpha が数値ではありません。',
  'Get the adapter file again from where it came.': '入手元からアダプターのファイルを取得し直してください。',
  'The adapter\'s module "{name}" has rank {n}.': 'アダプターのモジュール「{name}」のランクが {n} です。',
  'The halves of the adapter\'s module "{name}" do not belong together.':
    'アダプターのモジュール「{name}」の2つの部分が対応していません。',
  'The adapter\'s module "{name}" is packed: it is stored as {detail}.':
    'アダプターのモジュール「{name}」は圧縮されています（保存形式：{detail}）。',
  'Choose an adapter with bf16, f16 or f32 numbers.': 'bf16・f16・f32 の数値のアダプターを選んでください。',
  'The adapter\'s module "{name}" is incomplete.': 'アダプターのモジュール「{name}」が不完全です。',
  'The adapter\'s module "{name}" is no layer of {name2}.':
    'アダプターのモジュール「{name}」は {name2} の層ではありません。',
  'This adapter cannot be used: it also adapts convolutions (LoCon).':
    'このアダプターは使えません。畳み込み（LoCon）も変更します。',
  'Choose a plain LoRA for {name}, which adapts attention.':
    'アテンションを変更する、{name} 用の通常の LoRA を選んでください。',
  'The adapter changes "{name}" twice.': 'アダプターが「{name}」を2回変更しています。',
  '{n} tensors are no part of a LoRA and are not used: {detail}.':
    '{n} 個のテンソルは LoRA の一部ではないため使いません：{detail}。',
  '{n} tensors are left out: {detail}.': '{n} 個のテンソルを省きます：{detail}。',
  'It does not fit {detail}.': '{detail} に合いません。',
  'This is not an adapter for {name}.': '{name} 用のアダプターではありません。',
  'This adapter cannot be used: {detail}.': 'このアダプターは使えません：{detail}。',
  'Choose a plain LoRA.': '通常の LoRA を選んでください。',
  'The adapter has "{name}" twice.': 'アダプターに「{name}」が2つあります。',
  "The adapter's alphas are given by a pattern that is not understood.":
    'アダプターの alpha を示すパターンを解釈できません。',
  'Ask its author for a copy with alpha tensors.': 'alpha テンソルの入ったものを作者に問い合わせてください。',
  'The adapter lists too many alphas.': 'アダプターの alpha が多すぎます。',
  'Get the adapter again from where it came.': '入手元からアダプターを取得し直してください。',
  "Half of DreamO's embeddings are missing.": 'DreamO の埋め込みの半分が欠けています。',
  'Get the adapter file again from its authors.': '作者からアダプターのファイルを取得し直してください。',
  'The adapter\'s table "{name}" has the wrong shape.': 'アダプターの表「{name}」の形が正しくありません。',
  'Check that the adapter was made for this model.': 'アダプターがこのモデル用か確認してください。',
  'The model\'s file "{name}" is damaged.': 'モデルのファイル「{name}」が壊れています。',
  'Delete the model in the model manager and import it again.':
    'モデル管理でモデルを削除し、取り込み直してください。',
  'This pack is the built-in model.': 'このパックは内蔵モデルです。',
  'This model was never finished.': 'このモデルは完成していません。',
  'Import it again: it goes on where it stopped.': 'もう一度取り込んでください。止まったところから続きます。',
  'The model\'s file "{name}" is missing.': 'モデルのファイル「{name}」がありません。',
  'This model is not here any more.': 'このモデルはもうここにありません。',
  'Import it again.': '取り込み直してください。',
  'This model is being imported or changed elsewhere.': 'このモデルは別の場所で取り込み中か変更中です。',
  'Wait until that is done, or close the other tab.': '終わるまで待つか、ほかのタブを閉じてください。',
  'The weights file "{name}" is damaged.': '重みファイル「{name}」が壊れています。',
  'This is not a model of the family {name}.': '{name} 系のモデルではありません。',
  "The model's manifest is broken.": 'モデルのマニフェストが壊れています。',
  "The model's manifest is not valid JSON.": 'モデルのマニフェストが正しい JSON ではありません。',
  'The model could not be read.': 'モデルを読み込めませんでした。',
  'Check that the studio is complete, then try again.':
    'スタジオがすべてそろっているか確認して、もう一度試してください。',
  'Verify the model in the model manager; if it is damaged, delete it and import it again.':
    'モデル管理でモデルを検証し、壊れていれば削除して取り込み直してください。',
  'The model lacks the tensor "{name}".': 'モデルにテンソル「{name}」がありません。',
  'Rows of a quantised table were asked for.': '量子化された表の行が要求されました。',
  '“{name}” is broken.': '「{name}」は壊れています。',
  'Export the texts again.': 'テキストを書き出し直してください。',
  '“{name}” holds no texts that a studio has exported.':
    '「{name}」にスタジオが書き出したテキストはありません。',
  'Choose a file that was exported here, in the model manager.':
    'ここのモデル管理で書き出したファイルを選んでください。',
  "The browser's storage is full: this text could not be kept.":
    'ブラウザーのストレージがいっぱいで、このテキストを保存できませんでした。',
  'Delete models or results that you no longer need, then try again.':
    '要らないモデルや結果を削除して、もう一度試してください。',
}
