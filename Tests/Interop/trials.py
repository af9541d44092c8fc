"""A model of the zoo taken through the tool: exported, planned, initialised; and what is asked of it."""

import functools
import math

import checks
import layouts
import safetensors.torch
import torch
import zoo
from conftest import run


class Trial:
    """Each step is made when it is first asked for, and once."""

    def __init__(self, name, folder, full=False):
        self.case = zoo.build(name, full)
        self.name, self.folder = name, folder

    def export(self, label="model", **options):
        path = self.folder / f"{label}.pt2"
        torch.export.save(zoo.export(self.case, **options), path)
        return path

    @functools.cached_property
    def path(self):
        return self.export()

    @functools.cached_property
    def plan(self):
        return checks.plan(self.path)

    @functools.cached_property
    def weights(self):
        file = self.folder / "init.safetensors"
        run("init", self.path, "-o", file, "--quiet")
        return file

    @functools.cached_property
    def initialised(self):
        """The case, its module with the weights of the file."""
        checks.load(self.weights, self.case.module)  # which exports it first, with weights of its own
        return self.case

    # MARK: What is promised; each returns the lines of what is broken

    def roles(self):
        return checks.roles_that_differ(self.case, self.plan)

    def values(self):
        return layouts.values_that_differ(self.case, self.plan, safetensors.torch.load_file(self.weights))

    def kept(self):
        """Kept parameters and buffers have the archive's values, bit for bit."""
        before = self.case_state()
        after = safetensors.torch.load_file(self.weights)
        planned = {p["name"] for p in self.plan["parameters"] if p["rule"] != "kept"}
        if set(before) != set(after):
            return [f"{name} is in one of file and module only" for name in sorted(set(before) ^ set(after))]
        return [
            f"{name} has changed"
            for name, tensor in before.items()
            if name not in planned and not torch.equal(tensor, after[name])
        ]

    def case_state(self):
        return torch.export.load(self.path).state_dict

    def identity(self):
        return checks.blocks_that_are_no_identity(self.initialised, self.path, self.plan)

    def first_loss(self):
        """ln(classes), where a head is planned; only residual networks have one."""
        classes = self.initialised.classes
        if not classes or not any(p["role"] == "head" for p in self.plan["parameters"]):
            return []
        loss = checks.first_loss(self.case)
        return (
            [] if abs(loss - math.log(classes)) < 1e-3 else [f"{loss:.5f}, not ln({classes}) = {math.log(classes):.5f}"]
        )

    def training(self, steps=50):
        """Gradients reach all planned weights within the first steps, and the steps lower the loss."""
        training = checks.train(self.initialised, steps)
        lines = [
            f"no gradient reaches {name} within {self.case.steps} steps"
            for name in checks.weights_without_gradient(self.case, self.plan, training)
        ]
        start, end = training.losses[0], sum(training.losses[-5:]) / 5
        # The batch is always the same, so that only dropout makes noise.
        if not end < 0.9 * start:
            lines.append(f"{steps} steps leave the loss at {end:.4f}, from {start:.4f}")
        return lines

    def other_exports(self):
        """The same plan before and after decompositions, exported in training and in eval mode."""
        lines = []
        expected = checks.signature(self.plan)
        for options in ({"decomposed": True}, {"train": True}, {"train": True, "decomposed": True}):
            label = " ".join(options)
            if any(option in self.case.cannot for option in options):
                continue
            found = checks.signature(checks.plan(self.export(label.replace(" ", "-"), **options)))
            lines += [
                f"{label}: {name} is {found[0].get(name)}, not {row}"
                for name, row in expected[0].items()
                if found[0].get(name) != row
            ]
            if found[1] != expected[1]:
                lines.append(f"{label}: the blocks are {found[1]}, not {expected[1]}")
        return lines
