import type { models as german } from '@/words/de/told/models'

export const models: Readonly<Record<keyof typeof german, string>> = {
  'The model librarian did not answer any more.': 'モデル管理が応答しなくなりました。',
  'The model librarian stopped unexpectedly.': 'モデル管理が予期せず停止しました。',
  'Installed models are safe. Start the import again: it goes on where it stopped.':
    'インストール済みのモデルは無事です。取り込みをもう一度始めると、止まったところから続きます。',
  'The weights lack the tensor "{name}".': '重みにテンソル「{name}」がありません。',
  'Check that all files of the model are there and belong together.':
    'モデルのファイルがすべてそろい、対応しているか確認してください。',
  'The tensor "{name}" has the wrong shape.': 'テンソル「{name}」の形が正しくありません。',
  'Check that the file belongs to this model.': 'ファイルがこのモデルのものか確認してください。',
  'The sizes of this {detail} make no sense.': 'このネットワーク（{detail}）の寸法が正しくありません。',
  'Check that the file is whole; if it comes with a config.json, choose both together.':
    'ファイルが完全か確認してください。config.json が付属する場合は、両方一緒に選んでください。',
  '“{name}” cuts out, perhaps, but how it wants its pictures cannot be told.':
    '「{name}」は切り抜き用かもしれませんが、画像の渡し方がわかりません。',
  '“{name}” is an ONNX model, but gives no mask of one channel.':
    '「{name}」は ONNX モデルですが、1チャンネルのマスクを出しません。',
  '“{name}” is an ONNX model, but its pictures are not of float32.':
    '「{name}」は ONNX モデルですが、画像が float32 ではありません。',
  '“{name}” takes or gives 16-bit numbers.': '「{name}」の入力か出力が 16 ビットの数値です。',
  '“{name}” is an ONNX model, but none that cuts out of a colour picture.':
    '「{name}」は ONNX モデルですが、カラー画像から切り抜くものではありません。',
  '“{name}” takes its pictures pixel by pixel (NHWC).':
    '「{name}」は画像をピクセル順（NHWC）で受け取ります。',
  '“{name}” is an ONNX model that needs more than a picture, so it cannot cut out by itself.':
    '「{name}」は画像以外の入力も必要な ONNX モデルなので、単独では切り抜けません。',
  '“{name}” is an ONNX model without an input or an output.':
    '「{name}」は入力か出力のない ONNX モデルです。',
  'Choose the export whose input and output are float32; its weights may have 16 bits.':
    '入力と出力が float32 の書き出しを選んでください。重みは 16 ビットでもかまいません。',
  'Choose the export for PyTorch’s order, NCHW.': 'PyTorch の順序（NCHW）の書き出しを選んでください。',
  'Inlay takes U²-Net (u2net, u2netp, silueta), ISNet, BiRefNet, RMBG and MODNet: one colour picture in, one mask out.':
    'Inlay で使えるのは U²-Net（u2net、u2netp、silueta）、ISNet、BiRefNet、RMBG、MODNet です。カラー画像1枚を入れ、マスク1枚を出すものです。',
  'The T5 tokenizer has a rule that we do not know.': 'T5 のトークナイザーに未対応の規則があります。',
  'The T5 tokenizer has a pre-tokenizer that we do not know.':
    'T5 のトークナイザーに未対応の前処理があります。',
  'The T5 tokenizer has a normalizer that we do not know.': 'T5 のトークナイザーに未対応の正規化があります。',
  'Choose the tokenizer.json of the T5 v1.1 encoder (FLUX.1: folder tokenizer_2).':
    'T5 v1.1 エンコーダーの tokenizer.json を選んでください（FLUX.1 では tokenizer_2 フォルダー）。',
  'This tokenizer is none that is known here.': 'このトークナイザーには対応していません。',
  'This is the {told}, not that of {name}.': 'これは {told} です。必要なのは {name} のものです。',
  'This is not a tokenizer.json.': 'tokenizer.json ではありません。',
  'The {name} tokenizer cannot be used: {detail}.': '{name} のトークナイザーを使えません：{detail}。',
  '"{name}" is not a JSON file.': '「{name}」は JSON ファイルではありません。',
  'Choose a tokenizer.json as the authors publish it.':
    '作者が公開しているままの tokenizer.json を選んでください。',
  '"{name}" is too large for a tokenizer.': '「{name}」はトークナイザーとしては大きすぎます。',
  'FLUX.1 reads prompts with CLIP-L and T5 v1.1 XXL, FLUX.2 [klein] with Qwen3-4B.':
    'FLUX.1 は CLIP-L と T5 v1.1 XXL、FLUX.2 [klein] は Qwen3-4B でプロンプトを読みます。',
  '“{name}” {told}': '「{name}」{told}',
  'is a language model (Llama, Mistral or alike), which no mode uses.':
    'は言語モデル（Llama、Mistral など）で、どのモードでも使いません。',
  'Choose the T5 v1.1 XXL encoder of FLUX.1.': 'FLUX.1 の T5 v1.1 XXL エンコーダーを選んでください。',
  'is the encoder of UMT5, whose vocabulary is another.': 'は UMT5 のエンコーダーで、語彙が異なります。',
  'Choose FLUX.1 [dev].': 'FLUX.1 [dev] を選んでください。',
  'is a Qwen-Image transformer.': 'は Qwen-Image の Transformer です。',
  'is a transformer for films (HunyuanVideo).': 'は動画用の Transformer（HunyuanVideo）です。',
  'Choose a LoRA.': 'LoRA を選んでください。',
  'is an adapter for pictures as prompts (IP-Adapter, PuLID), which no mode uses.':
    'は画像をプロンプトにするアダプター（IP-Adapter、PuLID）で、どのモードでも使いません。',
  'Choose a transformer, a U-Net or a LoRA.': 'Transformer、U-Net、LoRA のいずれかを選んでください。',
  'is a ControlNet, which no mode uses.': 'は ControlNet で、どのモードでも使いません。',
  'is Chroma, a relative of FLUX that no mode is made for.':
    'は FLUX の派生の Chroma で、対応するモードがありません。',
  'Choose FLUX.1 [dev], or Stable Diffusion 2.1-base for Align.':
    'FLUX.1 [dev] を、Align には Stable Diffusion 2.1-base を選んでください。',
  'is a Stable Diffusion 3 transformer, which no mode is made for.':
    'は Stable Diffusion 3 の Transformer で、対応するモードがありません。',
  'This is the encoder of {detail}; FLUX needs that of T5 v1.1 XXL.':
    'これは {detail} のエンコーダーです。FLUX には T5 v1.1 XXL のものが必要です。',
  'This is a T5 of the first version.': 'これは最初のバージョンの T5 です。',
  'FLUX needs the encoder of T5 v1.1 (google/t5-v1_1-xxl), whose feed-forward is gated.':
    'FLUX には、フィードフォワードにゲートのある T5 v1.1（google/t5-v1_1-xxl）のエンコーダーが必要です。',
  'This is not a T5 encoder.': 'T5 エンコーダーではありません。',
  'Choose the T5 v1.1 encoder of FLUX.': 'FLUX の T5 v1.1 エンコーダーを選んでください。',
  'No diffusers name is known for "{name}".': '「{name}」に対応する diffusers の名前がありません。',
  "The config.json does not fit this FLUX's heads.": 'config.json がこの FLUX のヘッドに合いません。',
  'Choose the config.json that came with it.': '付属の config.json を選んでください。',
  'This FLUX has heads of {n} numbers; how they share the positions is not in the weights.':
    'この FLUX のヘッドは {n} 個の数値です。位置の分け方は重みに書かれていません。',
  'Choose its config.json together with it.': 'config.json も一緒に選んでください。',
  'This is {told}: no mode is made for it.': 'これは{told}です。対応するモードがありません。',
  'FLUX.1 Fill, which also takes a picture and its mask': '画像とそのマスクも受け取る FLUX.1 Fill',
  'FLUX.1 Canny or Depth, which also takes a picture of edges or depth':
    '輪郭や奥行きの画像も受け取る FLUX.1 Canny または Depth',
  'a FLUX for other tokens': '別のトークン用の FLUX',
  'This seems to be {detail}: DreamFuse and DreamO run on it, but were made for FLUX.1 [dev].':
    '{detail} のようです。DreamFuse と DreamO は動きますが、本来は FLUX.1 [dev] 用です。',
  'This is not a FLUX checkpoint.': 'FLUX のチェックポイントではありません。',
  'Choose a file in the layout of the authors or of diffusers.':
    '作者または diffusers の構成のファイルを選んでください。',
  'Check that the file is whole.': 'ファイルが完全か確認してください。',
  'This is {detail}, which no FLUX.2 reads prompts with.':
    'これは {detail} です。FLUX.2 のプロンプトの読み取りには使われません。',
  'Choose the text encoder of FLUX.2 [klein] 4B, which is Qwen3-4B.':
    'FLUX.2 [klein] 4B のテキストエンコーダー（Qwen3-4B）を選んでください。',
  'This is Qwen3-8B, which FLUX.2 [klein] 9B reads prompts with; 4B needs Qwen3-4B.':
    'これは FLUX.2 [klein] 9B がプロンプトを読む Qwen3-8B です。4B には Qwen3-4B が必要です。',
  'This is [klein] 9B, whose licence is for non-commercial use. It reads prompts with Qwen3-8B.':
    'これは [klein] 9B で、ライセンスは非商用です。プロンプトは Qwen3-8B で読みます。',
  'This is not a Qwen3.': 'Qwen3 ではありません。',
  'Choose the text encoder of FLUX.2 [klein].': 'FLUX.2 [klein] のテキストエンコーダーを選んでください。',
  "The positions' axes do not fit this FLUX.2's heads.": '位置の軸がこの FLUX.2 のヘッドに合いません。',
  'This is not a FLUX.2 transformer.': 'FLUX.2 の Transformer ではありません。',
  'This is FLUX.2 [dev], which takes its guidance as a number and reads prompts with a text encoder of 24 billion numbers.':
    'これは FLUX.2 [dev] です。ガイダンスを数値で受け取り、240 億パラメーターのテキストエンコーダーでプロンプトを読みます。',
  'This is FLUX.2 [klein] 9B-KV, whose reference pictures see themselves alone.':
    'これは参照画像が自身だけを見る FLUX.2 [klein] 9B-KV です。',
  'Choose FLUX.2 [klein] 4B.': 'FLUX.2 [klein] 4B を選んでください。',
  'Choose Stable Diffusion 2.1-base, or SD-Turbo.':
    'Stable Diffusion 2.1-base か SD-Turbo を選んでください。',
  'is a U-Net that takes its guidance as a number (LCM), which Align cannot run.':
    'はガイダンスを数値で受け取る U-Net（LCM）で、Align では動きません。',
  'Choose a U-Net of Stable Diffusion 2.': 'Stable Diffusion 2 の U-Net を選んでください。',
  'is a motion module for films, which no mode uses.':
    'は動画用のモーションモジュールで、どのモードでも使いません。',
  'This is a U-Net for inpainting, depth or upscaling, which Align cannot run.':
    'これは補完・奥行き・拡大用の U-Net で、Align では動きません。',
  'This is a U-Net that also takes labels or pictures (an upscaler, unCLIP), which Align cannot run.':
    'これはラベルや画像も受け取る U-Net（拡大用、unCLIP）で、Align では動きません。',
  'This is a U-Net of Stable Diffusion 1, which Align cannot run.':
    'これは Stable Diffusion 1 の U-Net で、Align では動きません。',
  'This is a U-Net of Stable Diffusion XL, which Align cannot run.':
    'これは Stable Diffusion XL の U-Net で、Align では動きません。',
  "Choose Stable Diffusion 2.1-base's U-Net, or SD-Turbo's.":
    'Stable Diffusion 2.1-base か SD-Turbo の U-Net を選んでください。',
  'If it comes with a config.json, choose both together.':
    'config.json が付属する場合は、両方一緒に選んでください。',
  'This is not a U-Net.': 'U-Net ではありません。',
  "Choose Stable Diffusion 2.1-base's, or SD-Turbo's.":
    'Stable Diffusion 2.1-base か SD-Turbo のものを選んでください。',
  'This is not an autoencoder.': 'オートエンコーダーではありません。',
  'Choose the autoencoder (VAE) of FLUX.': 'FLUX のオートエンコーダー（VAE）を選んでください。',
  'This is the autoencoder of {name}, which no mode uses.':
    'これは {name} のオートエンコーダーで、どのモードでも使いません。',
  "Choose that of FLUX.1 (ae.safetensors), or Stable Diffusion 2's for Align.":
    'FLUX.1 のもの（ae.safetensors）を、Align には Stable Diffusion 2 のものを選んでください。',
  'The towers of this CLIP model do not belong together.':
    'この CLIP モデルの画像側とテキスト側が対応していません。',
  'Get the file again from where it came.': '入手元からファイルを取得し直してください。',
  'This is not a CLIP model with both towers.': '画像とテキストの両方を持つ CLIP モデルではありません。',
  'Choose a CLIP model for pictures and text, such as CLIP-ViT-H-14.':
    '画像とテキスト用の CLIP モデル（CLIP-ViT-H-14 など）を選んでください。',
  'This is the text encoder of {detail}, which no mode reads prompts with.':
    'これは {detail} のテキストエンコーダーで、どのモードのプロンプトにも使いません。',
  "Choose FLUX's CLIP-L, or Stable Diffusion 2's text encoder.":
    'FLUX の CLIP-L か Stable Diffusion 2 のテキストエンコーダーを選んでください。',
  'This is not a CLIP text encoder.': 'CLIP テキストエンコーダーではありません。',
  'This is the giant DINOv2, whose layers are built otherwise.':
    'これは層の作りが異なる giant サイズの DINOv2 です。',
  'Choose DINOv2 in its small, base or large size.':
    'DINOv2 の small、base、large のいずれかを選んでください。',
  'This is not a DINO vision encoder.': 'DINO 画像エンコーダーではありません。',
  'Choose DINOv2, for example its base size.': 'DINOv2（base サイズなど）を選んでください。',
  'This is not a SigLIP vision encoder.': 'SigLIP 画像エンコーダーではありません。',
  'Choose the image encoder of FLUX.1 Redux.': 'FLUX.1 Redux の画像エンコーダーを選んでください。',
}
