"""The check of a plan: numerical, on the graph's own values, and with no name of a parameter in it.

`idinit plan --json` names, for every residual block, the graph's values of stem, shortcut and sum. The exported graph
is run with the new weights, and at each block the stem is compared with its shortcut. What else is promised, the first
loss, gradients and training, is measured on the real module with the same weights.
"""

import dataclasses
import json

import safetensors.torch
import torch
from conftest import run
from torch.export.graph_signature import InputKind
from torch.utils import _pytree as pytree

# A stem may add this much of its shortcut's largest value: the paper's ε is 1e-6, and what multiplies it on the way
# (the width of a sum, the values themselves) is a few hundred in the largest model here.
IDENTITY = 1e-3


def plan(path, *options):
    """The plan as `idinit plan --json` gives it."""
    return json.loads(run("plan", path, "--json", *options))


def load(file, module):
    """Loads a file into a module as its users would: strictly, if the names that share a tensor are all there."""
    module.load_state_dict(safetensors.torch.load_file(file), strict=True)


# MARK: The graph's values


class Recorder(torch.fx.Interpreter):
    """Runs a graph and keeps copies of the named values; copies, since what is added is often overwritten next."""

    def __init__(self, graph_module, names):
        super().__init__(graph_module)
        self.values = dict.fromkeys(names)

    def run_node(self, node):
        value = super().run_node(node)
        if node.name in self.values:
            assert isinstance(value, torch.Tensor), f"{node.name} is no tensor of the graph"
            self.values[node.name] = value.detach().clone()
        return value


def graph_values(program, names, state, inputs):
    """The named values of an exported graph, run with the tensors of a state dictionary on these keyword arguments."""
    user = iter(pytree.tree_leaves(((), inputs)))
    flat = []
    for spec in program.graph_signature.input_specs:
        if spec.kind is InputKind.USER_INPUT:
            flat.append(next(user))
        elif spec.target in state:
            flat.append(state[spec.target].clone())  # a graph in training mode writes to its buffers
        else:
            flat.append(program.constants[spec.target])
    recorder = Recorder(program.graph_module, names)
    with torch.no_grad():
        recorder.run(*flat)
    missing = [name for name, value in recorder.values.items() if value is None]
    assert not missing, f"the graph has no values {', '.join(missing)}"
    return recorder.values


@dataclasses.dataclass
class BlockError:
    """How far a block is from its shortcut, relative to the shortcut's largest value."""

    add: str
    stem: float
    sum: float
    carried: bool  # whether any weight of the stem can carry the zero, by the plan's own word

    @property
    def worst(self):
        return max(self.stem, self.sum)


def block_errors(program, blocks, state, inputs):
    """Compares each block's stem and sum with its shortcut."""
    names = [block[key] for block in blocks for key in ("add", "stem", "shortcut")]
    values = graph_values(program, names, state, inputs)
    errors = []
    for block in blocks:
        total, stem, shortcut = (values[block[key]].double() for key in ("add", "stem", "shortcut"))
        scale = shortcut.abs().max().item()
        assert scale > 0, f"the shortcut {block['shortcut']} is zero, and says nothing about its stem"
        errors.append(
            BlockError(
                block["add"], stem.abs().max().item() / scale, (total - shortcut).abs().max().item() / scale,
                bool(block["last"]),
            )
        )  # fmt: skip
    return errors


# MARK: The real module


def loss_of(case, seed=1):
    """() -> the case's cross-entropy on one batch of random inputs with random targets, always the same."""
    inputs = case.example(seed)
    with torch.no_grad():
        shape = case.logits(case.module(**inputs)).shape
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        targets = torch.randint(0, shape[-1], shape[:-1])

    def loss():
        logits = case.logits(case.module(**inputs))
        return torch.nn.functional.cross_entropy(logits.reshape(-1, shape[-1]).float(), targets.flatten())

    return loss


def first_loss(case):
    with torch.no_grad():
        return loss_of(case)().item()


@dataclasses.dataclass
class Training:
    losses: list[float]
    # The parameters that had a gradient that is not all zero in at least one of the case's first steps.
    reached: set[str]


def train(case, steps=50, seed=1):
    """Trains on one batch by SGD with momentum 0.9, gradients clipped at norm 1, in training mode."""
    case.module.train()
    loss = loss_of(case, seed)
    parameters = dict(case.module.named_parameters())
    optimizer = torch.optim.SGD(parameters.values(), case.learning_rate, momentum=0.9)
    result = Training([], set())
    with torch.random.fork_rng():
        torch.manual_seed(seed)
        for step in range(steps):
            optimizer.zero_grad()
            value = loss()
            value.backward()
            result.losses.append(value.item())
            if step < case.steps:
                result.reached |= {
                    name for name, p in parameters.items() if p.grad is not None and p.grad.abs().max() > 0
                }
            torch.nn.utils.clip_grad_norm_(parameters.values(), 1.0)
            optimizer.step()
    case.module.eval()
    return result


# MARK: Everything, for one model


def planned_weights(plan):
    """The names of the weights that a rule draws: not kept, and not a bias."""
    return {p["name"] for p in plan["parameters"] if p["rule"] != "kept" and p["role"] not in ("bias", "norm-bias")}


def signature(plan):
    """What two plans of one model must agree on, whatever the graph's values are called: of each parameter the role,
    the rule with its numbers, and the matrices in it; and how many blocks there are, with what last weights."""
    parameters = {
        p["name"]: (p["role"], p["rule"], p["gain"], p["epsilon"], json.dumps(p.get("parts")))
        for p in plan["parameters"]
    }
    return parameters, sorted(tuple(sorted(block["last"])) for block in plan["blocks"])


def roles_that_differ(case, plan):
    """Where a plan disagrees with what the architecture says, a line each."""
    rows = {p["name"]: p for p in plan["parameters"]}
    lines = [f"{len(plan['blocks'])} blocks, not {case.blocks}"] if len(plan["blocks"]) != case.blocks else []
    for name, expected in case.roles.items():
        if name not in rows:
            lines.append(f"{name} is not in the plan")
            continue
        found = rows[name]["role"]
        if isinstance(expected, tuple):
            parts = tuple(part["role"] for part in rows[name].get("parts", []))
            if parts != expected:
                lines.append(f"{name} holds {' '.join(parts) or 'one ' + found}, not {' '.join(expected)}")
        elif found != expected:
            lines.append(f"{name} is {found}, not {expected} ({rows[name]['reason']})")
    lines += [f"{name} gets {rows[name]['rule']}, not kept" for name in case.kept if rows[name]["rule"] != "kept"]
    missing = [name for name, _ in case.module.named_parameters(remove_duplicate=False) if name not in rows]
    return lines + [f"{name} is not in the plan" for name in missing]


def blocks_that_are_no_identity(case, path, plan, seed=1):
    """The blocks whose stem is more than `IDENTITY` of their shortcut, though a weight has the zero; a line each."""
    program = torch.export.load(path)
    errors = block_errors(program, plan["blocks"], case.module.state_dict(), case.example(seed))
    return [
        f"block {e.add}: the stem is {e.stem:.1e} of its shortcut, the sum {e.sum:.1e} away from it"
        for e in errors
        if e.carried and not e.worst <= IDENTITY
    ]


def weights_without_gradient(case, plan, training):
    """The planned weights that no gradient reached in the first steps, but for those that the architecture explains."""
    # A tensor that several names share has its gradient under the first of them.
    names = {id(p): name for name, p in case.module.named_parameters()}
    first = {name: names[id(p)] for name, p in case.module.named_parameters(remove_duplicate=False)}
    return [
        name
        for name in sorted(planned_weights(plan))
        if first[name] not in training.reached and name not in case.unreached
    ]
