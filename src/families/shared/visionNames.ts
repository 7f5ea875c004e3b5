/** How vision transformers' tensors are named where they are published, and what `nets/encoders/vit` calls them. */

/** Stored words to canonical ones, in this order. SigLIP's are canonical but for their prefix. */
const WORDS: readonly (readonly [RegExp, string])[] = [
  [/^vision_model\./, ''],
  // DINO, both, as transformers writes them: the classic names and the newer ones.
  [/^embeddings\.cls_token$/, 'embeddings.class_embedding'],
  [/^embeddings\.position_embeddings$/, 'embeddings.position_embedding.weight'],
  [/^embeddings\.patch_embeddings\.projection\./, 'embeddings.patch_embedding.'],
  [/^layernorm\./, 'post_layernorm.'],
  [/^encoder\.layer\./, 'encoder.layers.'],
  [/\.attention\.(attention\.)?(q_proj|query)\./, '.self_attn.q_proj.'],
  [/\.attention\.(attention\.)?(k_proj|key)\./, '.self_attn.k_proj.'],
  [/\.attention\.(attention\.)?(v_proj|value)\./, '.self_attn.v_proj.'],
  [/\.attention\.(o_proj|output\.dense)\./, '.self_attn.out_proj.'],
  [/\.(norm1|layernorm_before)\./, '.layer_norm1.'],
  [/\.(norm2|layernorm_after)\./, '.layer_norm2.'],
  [/\.layer_scale([12])\.lambda1$/, '.layer_scale$1'],
  [/\.intermediate\.dense\./, '.mlp.fc1.'],
  [/\.output\.dense\./, '.mlp.fc2.'],
]

/** The canonical name of a stored tensor of SigLIP or DINO; what is not known keeps its name. */
export const visionName = (stored: string): string =>
  WORDS.reduce((name, [pattern, word]) => name.replace(pattern, word), stored)
