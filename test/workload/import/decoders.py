"""Decoders in Hugging Face's layout, against forward passes in PyTorch (float64) that know nothing of trex: logits to 1e-4,
and what is generated on a cache against whole passes. `python decoders.py FOLDER`, with `trex` on the path; called by .ci/onnx."""
import json
import math
import os
import struct
import subprocess
import sys

import numpy as np
import torch

torch.set_default_dtype(torch.float64)
torch.set_num_threads(1)
NAMES = {torch.float32: 'F32', torch.float16: 'F16', torch.bfloat16: 'BF16'}

def save(path, tensors):
    header, blobs, at = {}, [], 0
    for name, t in tensors.items():
        raw = (t.contiguous().view(torch.int16) if t.dtype == torch.bfloat16 else t.contiguous()).numpy().tobytes()
        header[name] = {'dtype': NAMES[t.dtype], 'shape': list(t.shape), 'data_offsets': [at, at + len(raw)]}
        blobs.append(raw); at += len(raw)
    text = json.dumps(header).encode()
    with open(path, 'wb') as f:
        f.write(struct.pack('<Q', len(text)) + text + b''.join(blobs))

class Draw:
    def __init__(self, seed, dtype=torch.float32):
        self.g = torch.Generator().manual_seed(seed); self.all = {}; self.dtype = dtype
    def __call__(self, name, *shape, centre=0.0, scale=0.3):
        if name not in self.all:
            self.all[name] = (torch.randn(*shape, generator=self.g) * scale + centre).to(self.dtype)
        return self.all[name].double()

def act(name):
    return {'relu': torch.relu, 'silu': torch.nn.functional.silu, 'gelu': torch.nn.functional.gelu,
            'gelu_new': lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3))),
            'gelu_pytorch_tanh': lambda x: 0.5 * x * (1 + torch.tanh(math.sqrt(2 / math.pi) * (x + 0.044715 * x ** 3)))}[name]

def attend(q, k, v, scale, window=None):
    t = q.shape[1]
    i, j = torch.arange(t)[:, None], torch.arange(t)[None, :]
    mask = j <= i
    if window is not None: mask = mask & (i - j < window)
    s = (q @ k.transpose(1, 2)) * scale
    return torch.softmax(s.masked_fill(~mask, float('-inf')), -1) @ v

def heads(x, n): return x.view(x.shape[0], n, -1).transpose(0, 1)
def merge(x): return x.transpose(0, 1).reshape(x.shape[1], -1)

def ln(d, x, name, width, eps):
    return torch.nn.functional.layer_norm(x, (width,), d(name + '.weight', width, centre=1.0), d(name + '.bias', width), eps)

def gpt2(c, d, ids, p='transformer.'):
    D, H, L = c['n_embd'], c['n_head'], c['n_layer']; F = c.get('n_inner') or 4 * D
    eps = c.get('layer_norm_epsilon', 1e-5)
    wte, wpe = d(p + 'wte.weight', c['vocab_size'], D), d(p + 'wpe.weight', c['n_positions'], D)
    x = wte[ids] + wpe[: len(ids)]
    conv = lambda x, n, o: x @ d(n + '.weight', x.shape[1], o) + d(n + '.bias', o)
    for i in range(L):
        b = f'{p}h.{i}.'
        q, k, v = conv(ln(d, x, b + 'ln_1', D, eps), b + 'attn.c_attn', 3 * D).split(D, 1)
        s = 1 / math.sqrt(D // H) if c.get('scale_attn_weights', True) else 1
        if c.get('scale_attn_by_inverse_layer_idx'): s /= i + 1
        x = x + conv(merge(attend(heads(q, H), heads(k, H), heads(v, H), s)), b + 'attn.c_proj', D)
        x = x + conv(act(c.get('activation_function', 'gelu_new'))(conv(ln(d, x, b + 'ln_2', D, eps), b + 'mlp.c_fc', F)), b + 'mlp.c_proj', D)
    x = ln(d, x, p + 'ln_f', D, eps)
    head = wte if c.get('tie_word_embeddings', True) else d('lm_head.weight', c['vocab_size'], D)
    return x @ head.T

def opt(c, d, ids, p='model.decoder.'):
    D, H, F = c['hidden_size'], c['num_attention_heads'], c['ffn_dim']
    pre = c.get('do_layer_norm_before', True); bias = c.get('enable_bias', True)
    lin = lambda x, n, o: x @ d(n + '.weight', o, x.shape[1]).T + (d(n + '.bias', o) if bias else 0)
    wte = d(p + 'embed_tokens.weight', c['vocab_size'], D)
    x = wte[ids] + d(p + 'embed_positions.weight', c['max_position_embeddings'] + 2, D)[2: 2 + len(ids)]
    f = act(c.get('activation_function', 'relu'))
    for i in range(c['num_hidden_layers']):
        b = f'{p}layers.{i}.'
        n = lambda x, name: ln(d, x, b + name, D, 1e-5)
        y = n(x, 'self_attn_layer_norm') if pre else x
        q, k, v = (lin(y, b + f'self_attn.{w}_proj', D) for w in 'qkv')
        x = x + lin(merge(attend(heads(q, H), heads(k, H), heads(v, H), 1 / math.sqrt(D // H))), b + 'self_attn.out_proj', D)
        if not pre: x = n(x, 'self_attn_layer_norm')
        y = n(x, 'final_layer_norm') if pre else x
        x = x + lin(f(lin(y, b + 'fc1', F)), b + 'fc2', D)
        if not pre: x = n(x, 'final_layer_norm')
    if pre and not c.get('_remove_final_layer_norm'): x = ln(d, x, p + 'final_layer_norm', D, 1e-5)
    head = wte if c.get('tie_word_embeddings', True) else d('lm_head.weight', c['vocab_size'], D)
    return x @ head.T

def rope(c, dim):
    s = c.get('rope_parameters') or c.get('rope_scaling') or {}
    theta = s.get('rope_theta', c.get('rope_theta', 10000.0))
    f = 1 / theta ** (torch.arange(0, dim, 2) / dim)
    kind = s.get('rope_type', s.get('type', 'default'))
    if kind == 'linear': f = f / s['factor']
    if kind == 'llama3':
        old = s['original_max_position_embeddings']; lo, hi = old / s['low_freq_factor'], old / s['high_freq_factor']
        w = 2 * math.pi / f
        g = torch.where(w > lo, f / s['factor'], f)
        sm = (old / w - s['low_freq_factor']) / (s['high_freq_factor'] - s['low_freq_factor'])
        mid = ~(w < hi) & ~(w > lo)
        f = torch.where(mid, (1 - sm) * g / s['factor'] + sm * g, g)
    return f

def turn(x, f):
    a = torch.arange(x.shape[1])[:, None] * f[None, :]
    a = torch.cat([a, a], 1); cos, sin = a.cos(), a.sin()
    h = x.shape[2] // 2
    return x * cos + torch.cat([-x[..., h:], x[..., :h]], -1) * sin

def rms(d, x, name, width, eps):
    return x / torch.sqrt((x * x).mean(-1, keepdim=True) + eps) * d(name + '.weight', width, centre=1.0)

def llama(c, d, ids, p='model.'):
    t = c['model_type']
    D, H, F = c['hidden_size'], c['num_attention_heads'], c['intermediate_size']
    G = c.get('num_key_value_heads') or H; W = c.get('head_dim') or D // H
    L = c['num_hidden_layers']
    eps = c.get('rms_norm_eps', 1e-6)
    qb = {'qwen2': True, 'mistral': False}.get(t, c.get('attention_bias', False))
    ob = t in ('llama', 'qwen3') and c.get('attention_bias', False)
    mb = t == 'llama' and c.get('mlp_bias', False)
    lin = lambda x, n, o, b: x @ d(n + '.weight', o, x.shape[1]).T + (d(n + '.bias', o) if b else 0)
    wte = d(p + 'embed_tokens.weight', c['vocab_size'], D)
    x = wte[ids]; freq = rope(c, W)
    def window(i):
        if c.get('layer_types'): return c['sliding_window'] if c['layer_types'][i] == 'sliding_attention' else None
        if t == 'mistral': return c.get('sliding_window')
        if t.startswith('qwen'): return c['sliding_window'] if c.get('use_sliding_window') and i >= c['max_window_layers'] else None
    f = act(c.get('hidden_act', 'silu'))
    for i in range(L):
        b = f'{p}layers.{i}.'
        y = rms(d, x, b + 'input_layernorm', D, eps)
        q = heads(lin(y, b + 'self_attn.q_proj', H * W, qb), H)
        k = heads(lin(y, b + 'self_attn.k_proj', G * W, qb), G)
        v = heads(lin(y, b + 'self_attn.v_proj', G * W, qb), G)
        if t.startswith('qwen3'): q, k = rms(d, q, b + 'self_attn.q_norm', W, eps), rms(d, k, b + 'self_attn.k_norm', W, eps)
        q, k = turn(q, freq), turn(k, freq)
        k, v = k.repeat_interleave(H // G, 0), v.repeat_interleave(H // G, 0)
        x = x + lin(merge(attend(q, k, v, 1 / math.sqrt(W), window(i))), b + 'self_attn.o_proj', D, ob)
        y = rms(d, x, b + 'post_attention_layernorm', D, eps)
        x = x + lin(f(lin(y, b + 'mlp.gate_proj', F, mb)) * lin(y, b + 'mlp.up_proj', F, mb), b + 'mlp.down_proj', D, mb)
    x = rms(d, x, p + 'norm', D, eps)
    head = wte if c.get('tie_word_embeddings', False) else d('lm_head.weight', c['vocab_size'], D)
    return x @ head.T

GPT2 = dict(model_type='gpt2', n_embd=24, n_head=3, n_layer=2, vocab_size=41, n_positions=32)
OPT = dict(model_type='opt', hidden_size=24, num_attention_heads=3, num_hidden_layers=2, ffn_dim=40, vocab_size=41,
           max_position_embeddings=32, word_embed_proj_dim=24)
LLAMA = dict(model_type='llama', hidden_size=24, num_attention_heads=6, num_key_value_heads=2, num_hidden_layers=3,
             intermediate_size=40, vocab_size=41, max_position_embeddings=64, rms_norm_eps=1e-5)
SCALED = dict(rope_type='llama3', factor=8.0, low_freq_factor=1.0, high_freq_factor=4.0, original_max_position_embeddings=16)
# Configuration, then how the checkpoint is written: type, shards, a prefix of its names.
CASES = {
    'gpt2': ({**GPT2, 'scale_attn_by_inverse_layer_idx': True}, dict(shards=2)),
    'opt': ({**OPT, 'tie_word_embeddings': False}, dict(dtype=torch.bfloat16)),
    'llama': ({**LLAMA, 'rope_scaling': SCALED, 'rope_theta': 5e5, 'attention_bias': True, 'mlp_bias': True}, dict(wrap='_orig_mod.')),
    'mistral': ({**LLAMA, 'model_type': 'mistral', 'sliding_window': 5, 'head_dim': 10}, dict(dtype=torch.float16)),
    'qwen2': ({**LLAMA, 'model_type': 'qwen2', 'use_sliding_window': True, 'sliding_window': 4, 'max_window_layers': 1}, {}),
    'qwen3': ({**LLAMA, 'model_type': 'qwen3', 'head_dim': 8, 'tie_word_embeddings': True}, {}),
}
TOKENS, MORE, MOST = 14, 6, 1e-4


def write(folder, config, tensors, shards=1):
    os.makedirs(folder, exist_ok=True)
    names, where = list(tensors), {}
    for i in range(shards):
        file = 'model.safetensors' if shards == 1 else f'model-{i + 1:05}-of-{shards:05}.safetensors'
        part = names[i::shards]
        save(f'{folder}/{file}', {name: tensors[name] for name in part})
        where.update((name, file) for name in part)
    if shards > 1:
        with open(f'{folder}/model.safetensors.index.json', 'w') as f:
            json.dump({'weight_map': where}, f)
    with open(f'{folder}/config.json', 'w') as f:
        json.dump(config, f)


failed = 0
for at, (name, (config, how)) in enumerate(CASES.items()):
    draw = Draw(at, how.get('dtype', torch.float32))
    forward = {'gpt2': gpt2, 'opt': opt}.get(name, llama)
    ids = torch.randint(0, config['vocab_size'], (2, TOKENS), generator=torch.Generator().manual_seed(3))
    expected = torch.stack([forward(config, draw, row) for row in ids]).numpy()
    folder = f'{sys.argv[1]}/{name}'
    tensors = {how.get('wrap', '') + key: value for key, value in draw.all.items()}
    write(folder, config, tensors, how.get('shards', 1))
    np.save(f'{folder}/ids.npy', ids.numpy().astype(np.int32))
    infer = ['trex', 'infer', '--model', folder, '--input', f'{folder}/ids.npy', '--out']
    subprocess.run([*infer, f'{folder}/logits.npy'], check=True, stdout=subprocess.DEVNULL)
    apart = np.abs(np.load(f'{folder}/logits.npy') - expected).max()
    subprocess.run([*infer, f'{folder}/more.npy', '--generate', str(MORE)], check=True, stdout=subprocess.DEVNULL)
    rows = [row.tolist() for row in ids]
    for row in rows:
        for _ in range(MORE):
            row.append(int(forward(config, draw, torch.tensor(row))[-1].argmax()))
    same = (np.load(f'{folder}/more.npy') == np.array(rows)[:, TOKENS:]).all()
    print(f'{name}: logits apart by {apart:.1e}, {MORE} tokens generated {"alike" if same else "OTHERWISE"}')
    failed += not (apart < MOST and same)
sys.exit(1 if failed else 0)
