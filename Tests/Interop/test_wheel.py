"""The wheel, as its users have it: installed in a clean virtual environment, with no Swift on the PATH.

`make wheel` builds it and runs these; where no wheel is there, they are skipped.
"""

import json
import os
import pathlib
import shutil
import subprocess
import sys
import sysconfig
import zipfile

import pytest
from conftest import PACKAGE

WHEELS = sorted((PACKAGE / ".build/wheel").glob("idinit-*.whl"))
WHEEL = os.environ.get("IDINIT_WHEEL") or (WHEELS[-1] if WHEELS else None)
pytestmark = [
    pytest.mark.wheel,
    pytest.mark.skipif(WHEEL is None, reason="no wheel in .build/wheel: make wheel builds it"),
]

VERSIONS = ["3.10", "3.11", "3.12", "3.13"]


class Environment:
    """A virtual environment that holds the wheel, and whose programs see no others than the system's."""

    def __init__(self, folder, python, with_torch=False):
        self.folder = folder
        subprocess.run([python, "-m", "venv", "--without-pip", folder], check=True)
        install = [sys.executable, "-m", "pip", "--python", folder / "bin/python", "--disable-pip-version-check"]
        subprocess.run([*install, "install", "--quiet", "--no-index", "--no-deps", WHEEL], check=True)
        if with_torch:
            # PyTorch is borrowed: the folder comes last on the path, behind what the wheel installed.
            place = self.run("python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").stdout.strip()
            (pathlib.Path(place) / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")

    def run(self, *command, check=True):
        environment = {"PATH": f"{self.folder}/bin:/usr/bin:/bin", "HOME": str(self.folder), "HF_HUB_OFFLINE": "1"}
        assert shutil.which("swift", path=environment["PATH"]) is None
        result = subprocess.run(
            [self.folder / "bin" / command[0], *command[1:]],
            env=environment,
            cwd=self.folder,
            capture_output=True,
            text=True,
        )
        assert not check or result.returncode == 0, result.stderr
        return result

    def python(self, code):
        """The JSON that the code prints as its last line."""
        return json.loads(self.run("python", "-W", "ignore", "-c", PRELUDE + code).stdout.splitlines()[-1])


PRELUDE = f"""
import json, math, sys
sys.path.append({str(PACKAGE / "Tests/Interop")!r})
import torch, idinit
torch.set_num_threads(1)
def done(**values): print(json.dumps(values))
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    return Environment(tmp_path_factory.mktemp("wheel") / "venv", sys.executable, with_torch=True)


def interpreter(version):
    """A Python of this version that starts, on the PATH or among pyenv's (whose own `python3.13` may not); or None."""
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT") or pathlib.Path.home() / ".pyenv") / "versions"
    for python in [shutil.which(f"python{version}"), *sorted(pyenv.glob(f"{version}.*/bin/python3"))]:
        if python and subprocess.run([python, "-c", ""], capture_output=True).returncode == 0:
            return python
    return None


@pytest.mark.parametrize("version", VERSIONS)
def test_import_needs_only_the_standard_library(version, tmp_path):
    python = interpreter(version)
    if python is None:
        pytest.skip(f"no Python {version} here")
    environment = Environment(tmp_path / "venv", python)
    code = "import sys, idinit; print(idinit.__version__, 'torch' in sys.modules)"
    assert environment.run("python", "-c", code).stdout == "0.1.0 False\n"
    assert environment.run("idinit", "--version").stdout.strip() == "0.1.0"
    assert (
        "ModuleNotFoundError: No module named 'torch'"
        in environment.run("python", "-c", "import idinit; idinit.plan(None)", check=False).stderr
    )


def test_the_wheel_is_for_this_platform_and_carries_its_licence():
    names = zipfile.ZipFile(WHEEL).namelist()
    assert "idinit-0.1.0.data/scripts/idinit" in names and "idinit/LICENSE" in names
    assert "-py3-none-" in pathlib.Path(WHEEL).name and not pathlib.Path(WHEEL).name.endswith("-any.whl")
    if sys.platform == "linux":
        assert "manylinux" in pathlib.Path(WHEEL).name, "auditwheel did not name the platform"


def test_values_are_those_of_idinit_init(environment, tmp_path):
    """The module fills what the program writes for the same model, exported with its weights."""
    result = environment.python("""
import safetensors.torch, subprocess, zoo
case = zoo.build("resnet50")
torch.export.save(zoo.export(case), "model.pt2")
before = {name: tensor.clone() for name, tensor in case.module.state_dict().items()}
plan = idinit.init_(case.module.train(), case.example()["x"], seed=7)
subprocess.run(["idinit", "init", "model.pt2", "-o", "w.safetensors", "--seed", "7", "--quiet"], check=True)
written, now = safetensors.torch.load_file("w.safetensors"), case.module.state_dict()
rules = {p["name"]: p["rule"] for p in plan.parameters}
case.module.eval()
loss = torch.nn.functional.cross_entropy(case.module(torch.randn(4, 3, 32, 32)), torch.arange(4)).item()
done(
    same=[name for name in now if torch.equal(now[name], written[name])], names=list(now),
    changed=[name for name in now if not torch.equal(now[name], before[name])],
    planned=[name for name, rule in rules.items() if rule != "kept"], loss=loss,
    blocks=len(plan.blocks), table=str(plan), html=plan._repr_html_(), text=repr(plan),
)
""")
    assert result["same"] == result["names"]
    # A bias that was zero before is planned and does not change.
    assert set(result["changed"]) <= set(result["planned"]) and "conv1.weight" in result["changed"]
    assert abs(result["loss"] - 2.302585) < 1e-3
    assert result["blocks"] == 4 and "layer1.0" in result["table"] and "residual blocks" in result["table"]
    assert "To write it" not in result["table"] and result["text"].startswith("<idinit.Plan: idinit, ")
    assert result["html"].count("<tr>") == 1 + len(
        [n for n in result["names"] if "running" not in n and "num_b" not in n]
    )


def test_the_model_keeps_all_but_its_values(environment):
    """Tied weights, the mode, which parameters are trained, types, random numbers: as they were."""
    result = environment.python("""
import zoo
case = zoo.build("gpt2")
model = case.module.to(torch.bfloat16).train()
model.transformer.h[0].eval()
model.transformer.wpe.weight.requires_grad_(False)
places = {name: tensor.data_ptr() for name, tensor in model.state_dict().items()}
random = torch.random.get_rng_state()
with torch.no_grad():
    plan = idinit.init_(model, {"input_ids": torch.zeros(1, 8, dtype=torch.long)})
block = model.transformer.h[0]
query = block.attn.c_attn.weight[:, :32]
done(
    tied=model.lm_head.weight is model.transformer.wte.weight, mode=[model.training, block.training],
    trained=[model.transformer.wpe.weight.requires_grad, model.lm_head.weight.requires_grad],
    dtypes=[str(d) for d in {p.dtype for p in model.parameters()}],
    places=places == {name: tensor.data_ptr() for name, tensor in model.state_dict().items()},
    random=torch.equal(random, torch.random.get_rng_state()),
    forward="forward" in vars(model), identity=torch.equal(query.float(), torch.eye(32)),
    grads=model.lm_head.weight.grad is None, last=block.mlp.c_proj.weight.abs().max().item(),
    epsilon=torch.tensor(1e-6).bfloat16().item(), blocks=len(plan.blocks),
)
""")
    assert result == {
        "tied": True, "mode": [True, False], "trained": [False, True], "dtypes": ["torch.bfloat16"], "places": True,
        "random": True, "forward": False, "identity": True, "grads": True, "last": result["epsilon"],
        "epsilon": result["epsilon"], "blocks": 4,
    }  # fmt: skip


def test_models_as_their_users_call_them(environment):
    """Caches among the outputs, masks by vmap, layers skipped at random, a plain data class: none of torch.export's
    limits is the user's business where the structure can be read nonetheless."""
    result = environment.python("""
from transformers import GPT2Config, GPT2LMHeadModel, LlamaConfig, LlamaForCausalLM, WhisperConfig
from transformers import WhisperForConditionalGeneration
import dataclasses

@dataclasses.dataclass
class Output:
    logits: torch.Tensor
    extra: object

class Net(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.a, self.b, self.c = torch.nn.Linear(8, 8), torch.nn.Linear(8, 8), torch.nn.Linear(8, 3)
    def forward(self, x):
        # A tensor made anew, on no device that is named.
        x = x + torch.arange(8) * 0.0
        return Output(self.c(x + self.b(torch.relu(self.a(x)))), object())

small = dict(vocab_size=97, d_model=32, max_source_positions=16, max_target_positions=16, num_mel_bins=12,
    pad_token_id=0, bos_token_id=1, eos_token_id=2, decoder_start_token_id=1)
for side in ("encoder", "decoder"):
    small |= {f"{side}_layers": 2, f"{side}_attention_heads": 4, f"{side}_ffn_dim": 64}
ids = torch.randint(0, 97, (2, 8))
gpt2 = GPT2Config(vocab_size=97, n_positions=32, n_embd=32, n_layer=2, n_head=4)
llama = LlamaConfig(vocab_size=97, hidden_size=32, num_hidden_layers=2, num_attention_heads=4, num_key_value_heads=2,
    intermediate_size=88, max_position_embeddings=64)
done(
    cache=len(idinit.init_(GPT2LMHeadModel(gpt2), ids).blocks),
    mask=len(idinit.init_(LlamaForCausalLM(llama), ids, {"use_cache": False}).blocks),
    skipped=len(idinit.init_(WhisperForConditionalGeneration(WhisperConfig(**small)).train(),
        (torch.randn(2, 12, 32),), {"decoder_input_ids": ids}).blocks),
    dataclass=[p["role"] for p in idinit.init_(Net(), torch.randn(2, 8)).parameters if "weight" in p["name"]],
    compiled=len(idinit.init_(torch.compile(Net()), torch.randn(2, 8)).blocks),
)
""")
    assert result == {
        "cache": 4, "mask": 4, "skipped": 10, "dataclass": ["first", "stem-last", "head"], "compiled": 1,
    }  # fmt: skip


def test_options(environment):
    result = environment.python("""
import zoo
def fresh():
    return zoo.build("resnet18").module
x = torch.randn(2, 3, 32, 32)
def weights(**options):
    model = fresh()
    idinit.init_(model, (x,), **options)
    return model.state_dict()
default, before = weights(), fresh().state_dict()
name = "layer1.0.conv1.weight"
done(
    seed=[torch.equal(default[name], weights(seed=s)[name]) for s in (0, 1)],
    method=idinit.plan(fresh(), x, method="kaiming").method,
    kept=torch.equal(weights(keep=["layer1.*"])[name], before[name]),
    one=torch.equal(weights(keep="layer1.*")[name], before[name]),
    set=weights(set={"fc.weight": "zero"})["fc.weight"].abs().max().item(),
    plan=all(torch.equal(a, b) for a, b in zip(before.values(), fresh().state_dict().values())),
)
""")
    assert result == {
        "seed": [True, False], "method": "kaiming", "kept": True, "one": True, "set": 0.0, "plan": True,
    }  # fmt: skip


def test_errors_say_what_is_wrong_and_leave_the_model_alone(environment):
    result = environment.python("""
class Branching(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc = torch.nn.Linear(3, 3)
    def forward(self, x):
        return self.fc(x) if x.sum() > 0 else x

class Unused(torch.nn.Module):
    def __init__(self):
        super().__init__()
        self.fc, self.spare = torch.nn.Linear(3, 3), torch.nn.Linear(5, 5)
    def forward(self, x):
        return self.fc(x)

def message(call):
    try:
        call()
    except idinit.Error as error:
        return [type(error).__name__, str(error)]

import warnings
model, x = torch.nn.Linear(3, 3), torch.randn(2, 3)
before = model.weight.clone()
with warnings.catch_warnings(record=True) as caught:
    warnings.simplefilter("always")
    idinit.init_(Unused(), x)
done(
    export=message(lambda: idinit.init_(Branching(), x)),
    method=message(lambda: idinit.init_(model, x, method="idnit")),
    pattern=message(lambda: idinit.init_(model, x, set={"head.*": "idiz"})),
    meta=message(lambda: idinit.init_(torch.nn.Linear(3, 3, device="meta"), x.to("meta"))),
    untouched=torch.equal(model.weight, before), warned=[str(w.message) for w in caught],
)
""")
    name, message = result["export"]
    assert name == "ExportError" and message.startswith("torch.export cannot export Branching: ") and "guard" in message
    for key, words in {"method": ["idnit", "idinit"], "pattern": ["head.*"], "meta": ["meta device"]}.items():
        name, message = result[key]
        assert name == "Error" and "\n" not in message and all(word in message for word in words), message
    assert result["untouched"]
    assert len(result["warned"]) == 1 and "spare.weight, spare.bias" in result["warned"][0]
