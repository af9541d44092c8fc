import Testing

@testable import IDInit

@Suite("What a user knows better than the plan")
struct PlanOverrideTests {
  private func plan() throws -> InitializationPlan {
    try InitializationPlan(IDInitScheme(), for: try InitializationPlanTests.residualGraph())
  }

  private func message(_ overrides: [PlanOverride], on plan: InitializationPlan) -> String {
    var plan = plan
    let before = plan
    do {
      try plan.apply(overrides)
      return "no error"
    } catch {
      #expect(plan == before)
      return error.description
    }
  }

  @Test("a rule with numbers goes to every parameter that matches, and the reason says whose it is")
  func set() throws {
    var plan = try plan()
    try plan.apply([PlanOverride(parsing: "blocks.*.fc2.weight=idi,gain=0.5,looseness=0")])
    for index in 0..<2 {
      let entry = try #require(plan["blocks.\(index).fc2.weight"])
      #expect(entry.rule == .identity(IdentityRule(gain: 0.5, looseness: 0)))
      #expect(entry.reason == "set by 'blocks.*.fc2.weight=idi,gain=0.5,looseness=0'")
    }
    #expect(plan["blocks.0.fc1.weight"]?.rule == .identity(IdentityRule()))
  }

  @Test("kept parameters lose their rule and say so; without values they start as PyTorch's layer does")
  func keep() throws {
    var plan = try plan()
    try plan.apply([PlanOverride(keeping: "stem.*"), PlanOverride(parsing: "head.weight=keep")])
    for name in ["stem.weight", "stem.bias", "head.weight"] { #expect(plan[name]?.rule == nil) }
    #expect(plan["stem.weight"]?.reason == "kept by 'stem.*'")
    #expect(plan["stem.weight"]?.ruleWithoutValues == .kaiming(.torchDefault))
    #expect(plan["stem.bias"]?.ruleWithoutValues == .zero)
    #expect(plan["head.bias"]?.rule == .zero)
  }

  @Test("a rule for matrices passes over the bias that its pattern matches too, unless there is nothing else")
  func fitting() throws {
    var plan = try plan()
    try plan.apply([PlanOverride(parsing: "head.*=xavier-normal")])
    #expect(plan["head.weight"]?.rule?.name == .xavierNormal)
    #expect(plan["head.bias"]?.rule == .zero)
    #expect(plan["head.bias"]?.reason.contains("set by") == false)
    try plan.apply([PlanOverride(parsing: "head.*=normal,std=0.1")])
    #expect(plan["head.bias"]?.rule?.name == .normal)
  }

  @Test("the later of two overrides counts")
  func order() throws {
    var plan = try plan()
    try plan.apply([PlanOverride(parsing: "*.weight=orthogonal"), PlanOverride(parsing: "head.weight=zero")])
    #expect(plan["head.weight"]?.rule == .zero)
    #expect(plan["stem.weight"]?.rule?.name == .orthogonal)
  }

  @Test("what matches nothing, does nothing or does not fit is an error, and the plan stays")
  func errors() throws {
    let plan = try plan()
    #expect(message([PlanOverride(keeping: "haed.weight")], on: plan).hasSuffix("did you mean 'head.weight'?"))
    #expect(
      message([PlanOverride(keeping: "encoder*")], on: plan)
        == "idinit: no parameter matches 'encoder*'; the first of 12 is 'stem.weight'")
    let idle = try [PlanOverride(parsing: "head.weight=zero"), PlanOverride(parsing: "*=zero")]
    #expect(
      message(idle, on: plan).hasSuffix(
        "'head.weight=zero' does nothing: '*=zero', which comes later, sets every parameter that it matches; the last one "
          + "counts, so put the general one first, or leave 'head.weight=zero' out"))
    #expect(message([try PlanOverride(parsing: "stem.bias=idi")], on: plan).contains("stem.bias"))
  }

  @Test("tied parameters are overridden together")
  func ties() throws {
    var s = GraphSketch()
    let x = try s.linear(try s.input("x", [2, 4]), "a", out: 4)
    try s.output(x)
    _ = try s.parameter("b.weight", [4, 4])
    try s.graph.tie("b.weight", to: "a.weight")
    var plan = try InitializationPlan(IDInitScheme(), for: s.graph)
    try plan.apply([PlanOverride(parsing: "b.weight=xavier-normal")])
    #expect(plan["a.weight"]?.rule?.name == .xavierNormal)
    #expect(plan["b.weight"]?.rule?.name == .xavierNormal)
  }

  @Test(
    "text that is no override says what is wrong",
    arguments: [
      ("head", "expected pattern=rule"), ("=idi", "expected pattern=rule"), ("head=idy", "did you mean 'idi'"),
      ("head=idi,gian=2", "did you mean 'gain'"), ("head=idi,gain", "expected name=value"),
      ("head=idi,gain=much", "is no number"), ("head=idi,std=1", "does nothing"),
      ("head=idi,columnOrder=last", "channel-first, window-first"),
    ])
  func syntax(text: String, expected: String) {
    do {
      _ = try PlanOverride(parsing: text)
      Issue.record("'\(text)' was taken")
    } catch {
      #expect(error.description.contains(expected), "\(error)")
    }
  }
}

@Suite("Patterns")
struct GlobPatternTests {
  @Test(
    "a star stands for any characters, a question mark for one, and the whole name must fit",
    arguments: [
      ("head.*", "head.weight", true), ("head.*", "ahead.weight", false), ("*", "", true), ("", "", true),
      ("layer?.*.bias", "layer1.0.bias", true), ("layer?.*.bias", "layer10.0.bias", false),
      ("*a*b*c", "xxaxbxbxc", true),
      ("*a*b*c", "xxaxbxbx", false), ("?", "é", true), ("?", "ab", false), ("a*", "a", true),
      ("*.weight*", "x.weight", true),
      ("[ab]", "a", false), ("[ab]", "[ab]", true),
    ])
  func matching(pattern: String, name: String, expected: Bool) {
    #expect(GlobPattern(pattern).matches(name) == expected)
  }

  @Test("a hostile pattern is no exponential matter")
  func hostile() {
    let pattern = String(repeating: "*a", count: 200) + "b"
    #expect(!GlobPattern(pattern).matches(String(repeating: "a", count: 10_000)))
  }
}
