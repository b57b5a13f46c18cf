"""Small networks as PyTorch exports them: `trex infer` on each file gives PyTorch's logits to 1e-4. Of opsets 11 to 16, with open and
fixed batches and lengths, constants folded or not. Prints a line; exits 1 where one differs."""
import math
import os
import subprocess
import sys

import numpy as np
import torch
import torch.nn as nn
import torch.nn.functional as F

torch.manual_seed(0)


class Attn(nn.Module):
    def __init__(s,d,h):
        super().__init__(); s.h=h; s.qkv=nn.Linear(d,3*d); s.proj=nn.Linear(d,d); s.scale=(d//h)**-0.5
    def forward(s,x):
        B,N,C=x.shape
        qkv=s.qkv(x).reshape(B,N,3,s.h,C//s.h).permute(2,0,3,1,4)
        q,k,v=qkv.unbind(0)
        a=(q@k.transpose(-2,-1))*s.scale
        a=a.softmax(-1)
        x=(a@v).transpose(1,2).reshape(B,N,C)
        return s.proj(x)


class Block(nn.Module):
    def __init__(s,d,h):
        super().__init__(); s.norm1=nn.LayerNorm(d,eps=1e-6); s.attn=Attn(d,h); s.norm2=nn.LayerNorm(d,eps=1e-6)
        s.mlp=nn.Sequential(nn.Linear(d,4*d),nn.GELU(),nn.Linear(4*d,d))
    def forward(s,x):
        x=x+s.attn(s.norm1(x)); return x+s.mlp(s.norm2(x))


class ViT(nn.Module):
    def __init__(s,img=32,p=8,d=32,h=4,L=3,c=10):
        super().__init__(); s.patch=nn.Conv2d(3,d,p,p); n=(img//p)**2
        s.cls=nn.Parameter(torch.randn(1,1,d)*.02); s.pos=nn.Parameter(torch.randn(1,n+1,d)*.02)
        s.blocks=nn.Sequential(*[Block(d,h) for _ in range(L)]); s.norm=nn.LayerNorm(d,eps=1e-6); s.head=nn.Linear(d,c)
    def forward(s,x):
        x=s.patch(x).flatten(2).transpose(1,2)
        x=torch.cat((s.cls.expand(x.shape[0],-1,-1),x),1)+s.pos
        x=s.norm(s.blocks(x)); return s.head(x[:,0])


class MHA(nn.Module):
    def __init__(s,d=32,h=4):
        super().__init__(); s.n=nn.LayerNorm(d); s.a=nn.MultiheadAttention(d,h,batch_first=True); s.f=nn.Linear(d,5)
    def forward(s,x):
        y=s.n(x); x=x+s.a(y,y,y,need_weights=False)[0]; return s.f(x.mean(1))


class Bert(nn.Module):
    def __init__(s,V=50,d=32,h=4,L=2,P=20,c=3):
        super().__init__(); s.w=nn.Embedding(V,d); s.p=nn.Embedding(P,d); s.t=nn.Embedding(2,d); s.ln=nn.LayerNorm(d,eps=1e-12); s.h=h
        s.register_buffer('ids',torch.arange(P).unsqueeze(0))
        s.L=nn.ModuleList([nn.ModuleDict(dict(q=nn.Linear(d,d),k=nn.Linear(d,d),v=nn.Linear(d,d),o=nn.Linear(d,d),l1=nn.LayerNorm(d,eps=1e-12),i=nn.Linear(d,64),u=nn.Linear(64,d),l2=nn.LayerNorm(d,eps=1e-12))) for _ in range(L)])
        s.pool=nn.Linear(d,d); s.c=nn.Linear(d,c)
    def sp(s,x): return x.view(x.size()[:-1]+(s.h,x.size(-1)//s.h)).permute(0,2,1,3)
    def forward(s,ids,mask,types):
        T=ids.size(1)
        x=s.w(ids)+s.t(types)+s.p(s.ids[:,:T]); x=s.ln(x)
        m=(1.0-mask[:,None,None,:].to(x.dtype))*torch.finfo(torch.float32).min
        for l in s.L:
            q,k,v=s.sp(l['q'](x)),s.sp(l['k'](x)),s.sp(l['v'](x))
            a=torch.matmul(q,k.transpose(-1,-2))/math.sqrt(q.size(-1))+m
            y=torch.matmul(a.softmax(-1),v).permute(0,2,1,3).contiguous(); y=y.view(y.size()[:-2]+(-1,))
            x=l['l1'](l['o'](y)+x)
            x=l['l2'](l['u'](F.gelu(l['i'](x)))+x)
        return s.c(torch.tanh(s.pool(x[:,0])))


class Res(nn.Module):
    def __init__(s,i,o,st):
        super().__init__(); s.a=nn.Conv2d(i,o,3,st,1,bias=False); s.ba=nn.BatchNorm2d(o); s.b=nn.Conv2d(o,o,3,1,1,bias=False); s.bb=nn.BatchNorm2d(o)
        s.d=nn.Sequential(nn.Conv2d(i,o,1,st,bias=False),nn.BatchNorm2d(o)) if (i!=o or st>1) else None
    def forward(s,x):
        y=s.bb(s.b(F.relu(s.ba(s.a(x))))); return F.relu(y+(x if s.d is None else s.d(x)))


class CNN(nn.Module):
    def __init__(s,c=10):
        super().__init__(); s.stem=nn.Sequential(nn.Conv2d(3,8,7,2,3,bias=False),nn.BatchNorm2d(8),nn.ReLU(),nn.MaxPool2d(3,2,1)); s.l=nn.Sequential(Res(8,8,1),Res(8,16,2)); s.f=nn.Linear(16,c)
    def forward(s,x): return s.f(torch.flatten(F.adaptive_avg_pool2d(s.l(s.stem(x)),1),1))


class SE(nn.Module):
    def __init__(s,c): super().__init__(); s.a=nn.Conv2d(c,c//4,1); s.b=nn.Conv2d(c//4,c,1)
    def forward(s,x): return x*F.hardsigmoid(s.b(F.relu(s.a(x.mean((2,3),keepdim=True)))))


class Mob(nn.Module):
    def __init__(s):
        super().__init__(); s.m=nn.Sequential(nn.Conv2d(3,8,3,2,1),nn.Hardswish(),nn.Conv2d(8,16,1),nn.SiLU(),nn.Conv2d(16,16,5,1,2,groups=16),nn.ReLU6(),SE(16),nn.Conv2d(16,8,1,groups=4),nn.AvgPool2d(2),nn.Flatten(),nn.Linear(8*64,10),nn.LogSoftmax(-1))
    def forward(s,x): return s.m(x)


class Swin(nn.Module):
    def __init__(s,d=16,h=2,w=4):
        super().__init__(); s.st=nn.Conv2d(3,d,4,4); s.w=w; s.h=h; s.qkv=nn.Linear(d,3*d); s.o=nn.Linear(d,d); s.rb=nn.Parameter(torch.randn(h,w*w,w*w)); s.n=nn.LayerNorm(d); s.hd=nn.Linear(2*d,4); s.red=nn.Linear(4*d,2*d,bias=False)
        m=torch.zeros(4,w*w,w*w); m[1,:,8:]=-100.; s.register_buffer('m',m)
    def forward(s,x):
        x=s.st(x).flatten(2).transpose(1,2); B,L,C=x.shape; H=8; w=s.w
        y=s.n(x).view(B,H,H,C); y=torch.roll(y,(-2,-2),(1,2))
        y=y.view(B,H//w,w,H//w,w,C).permute(0,1,3,2,4,5).contiguous().view(-1,w*w,C)
        B_,N,_=y.shape
        qkv=s.qkv(y).reshape(B_,N,3,s.h,C//s.h).permute(2,0,3,1,4); q,k,v=qkv[0],qkv[1],qkv[2]
        a=(q*0.3)@k.transpose(-2,-1)+s.rb.unsqueeze(0)
        a=a.view(B_//4,4,s.h,N,N)+s.m.unsqueeze(1).unsqueeze(0); a=a.view(-1,s.h,N,N).softmax(-1)
        y=s.o((a@v).transpose(1,2).reshape(B_,N,C))
        y=y.view(-1,H//w,H//w,w,w,C).permute(0,1,3,2,4,5).contiguous().view(B,H,H,C); y=torch.roll(y,(2,2),(1,2)).view(B,L,C)
        x=(x+y).view(B,H,H,C)
        x=torch.cat([x[:,0::2,0::2],x[:,1::2,0::2],x[:,0::2,1::2],x[:,1::2,1::2]],-1).view(B,-1,4*C)
        return s.hd(s.red(x).mean(1))


class RMS(nn.Module):
    def __init__(s,d): super().__init__(); s.w=nn.Parameter(torch.ones(d))
    def forward(s,x): return s.w*(x*torch.rsqrt(x.pow(2).mean(-1,keepdim=True)+1e-6))


class Llama(nn.Module):
    def __init__(s,V=40,d=32,h=4,kv=2,L=2):
        super().__init__(); s.e=nn.Embedding(V,d); s.h=h; s.kv=kv; s.hd=d//h
        s.L=nn.ModuleList([nn.ModuleDict(dict(n1=RMS(d),q=nn.Linear(d,d,bias=False),k=nn.Linear(d,kv*s.hd,bias=False),v=nn.Linear(d,kv*s.hd,bias=False),o=nn.Linear(d,d,bias=False),n2=RMS(d),g=nn.Linear(d,48,bias=False),u=nn.Linear(d,48,bias=False),dn=nn.Linear(48,d,bias=False))) for _ in range(L)])
        s.n=RMS(d); s.lm=nn.Linear(d,V,bias=False)
        s.register_buffer('inv',1/(10000**(torch.arange(0,s.hd,2).float()/s.hd)))
    def forward(s,ids):
        B,T=ids.shape; x=s.e(ids); pos=torch.arange(T,device=ids.device).float()
        f=pos[:,None]*s.inv[None]; emb=torch.cat((f,f),-1); cos,sin=emb.cos(),emb.sin()
        rot=lambda x: torch.cat((-x[...,x.shape[-1]//2:],x[...,:x.shape[-1]//2]),-1)
        m=torch.full((T,T),float('-inf')).triu(1)
        for l in s.L:
            y=l['n1'](x)
            q=l['q'](y).view(B,T,s.h,s.hd).transpose(1,2); k=l['k'](y).view(B,T,s.kv,s.hd).transpose(1,2); v=l['v'](y).view(B,T,s.kv,s.hd).transpose(1,2)
            q=q*cos+rot(q)*sin; k=k*cos+rot(k)*sin
            r=s.h//s.kv
            k=k[:,:,None].expand(B,s.kv,r,T,s.hd).reshape(B,s.h,T,s.hd); v=v[:,:,None].expand(B,s.kv,r,T,s.hd).reshape(B,s.h,T,s.hd)
            a=(q@k.transpose(2,3))/math.sqrt(s.hd)+m
            x=x+l['o']((a.softmax(-1)@v).transpose(1,2).reshape(B,T,-1))
            y=l['n2'](x); x=x+l['dn'](F.silu(l['g'](y))*l['u'](y))
        return s.lm(s.n(x))


def bn(m):
    for k in m.modules():
        if isinstance(k, nn.BatchNorm2d):
            k.running_mean.normal_()
            k.running_var.uniform_(0.5, 2)
    return m


KEEP = {"training": torch.onnx.TrainingMode.PRESERVE}
OPEN = {"input": {0: "batch"}}
LENGTH = {"input": {0: "batch", 1: "tokens"}}
image = torch.randn(1, 3, 32, 32)
words = torch.randint(0, 40, (1, 9))
types = torch.tensor([[0, 0, 0, 0, 1, 1, 1, 1, 1]])
text = {name: {0: "batch", 1: "tokens"} for name in ("input", "attention_mask", "token_type_ids")}
# Name, network, inputs, and what the exporter is told.
CASES = [
    ("vit13", ViT(), (image,), {"opset_version": 13}),
    ("vit16-open", ViT(), (image,), {"opset_version": 16, "dynamic_axes": OPEN}),
    ("vit11-unfolded", ViT(), (image,), {"opset_version": 11, "dynamic_axes": OPEN, "do_constant_folding": False}),
    ("multihead", MHA(), (torch.randn(1, 16, 32),), {"opset_version": 14, "dynamic_axes": OPEN, **KEEP}),
    ("bert", Bert(), (words, torch.ones_like(words), types), {"opset_version": 14, "dynamic_axes": text}),
    ("resnet", bn(CNN()), (image,), {"opset_version": 13, "dynamic_axes": OPEN}),
    ("resnet-batchnorm", bn(CNN()), (image,), {"opset_version": 16, **KEEP}),
    ("mobilenet", Mob(), (image,), {"opset_version": 14, "dynamic_axes": OPEN}),
    ("swin", Swin(), (image,), {"opset_version": 16, "dynamic_axes": OPEN}),
    ("llama", Llama(), (words,), {"opset_version": 14, "dynamic_axes": LENGTH}),
]


def main(folder):
    worst = 0.0
    for name, net, inputs, told in CASES:
        net.eval()
        for p in net.parameters():
            if p.dim() == 1:
                p.data += torch.randn_like(p) * 0.1
        names = ["input", "attention_mask", "token_type_ids"][: len(inputs)]
        path = os.path.join(folder, name + ".onnx")
        torch.onnx.export(net, inputs, path, input_names=names, output_names=["output"], **told)
        with torch.no_grad():
            expected = net(*inputs).numpy()
        np.save(os.path.join(folder, "x.npy"), inputs[0].numpy())
        out = os.path.join(folder, "y.npy")
        command = ["trex", "infer", "--model", path, "--input", os.path.join(folder, "x.npy"), "--out", out]
        if len(inputs) > 2:
            np.save(os.path.join(folder, "types.npy"), inputs[2].numpy())
            command += ["--types", os.path.join(folder, "types.npy")]
        if os.path.exists(out):
            os.remove(out)
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
        apart = float(np.abs(np.load(out).reshape(-1) - expected.reshape(-1)).max())
        worst = max(worst, apart)
        if not apart < 1e-4:
            print(f"{name}: logits {apart} away from PyTorch's")
            return 1
    print(f"ONNX from PyTorch {torch.__version__}: {len(CASES)} exports within {worst:.1e} of its logits")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1]))
