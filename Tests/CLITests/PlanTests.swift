import Foundation
import IDInit
import ModelFiles
import Testing
import TestSupport

struct PlanTests {
  @Test(
    "tables, to the character",
    arguments: [
      ("resnet", "resnet-meta", "", 80), ("resnet-wide", "resnet-meta", "", 120), ("encoder", "encoder-meta", "", 100),
      ("gpt-narrow", "gpt", "", 60), ("transformer-stacked", "transformer", "", 36), ("lstm", "lstm", "", 80),
      ("reused", "reused", "", 80), ("all", "transformer", "--all", 80),
      ("zero-gamma", "resnet-meta", "--method zero-gamma --seed 3", 120),
      ("fixup", "encoder-meta", "--method fixup-weights", 100), ("fixup-whole", "fixup-meta", "--method fixup", 100),
      ("fixup-idinit", "fixup-meta", "--method idinit-centre-tap", 100),
      ("rezero", "fixup-meta", "--method rezero", 80),
      ("overridden", "encoder-meta", "--set layers.1.up.weight=kaiming-normal --keep classifier.* --gain 1.5", 100),
    ])
  func table(_ name: String, _ fixture: String, _ arguments: String, _ columns: Int) throws {
    let path = model(fixture)
    let result = try run(
      idinitBinary, ["plan", (path as NSString).lastPathComponent] + arguments.split(separator: " ").map(String.init),
      environment: ["COLUMNS": "\(columns)"], in: URL(fileURLWithPath: path).deletingLastPathComponent())
    #expect(result.standardError == "")
    #expect(result.status == 0)
    let expected = try snapshot("plan-\(name)", recording: result.standardOutput)
    #expect(result.standardOutput == expected)
  }

  @Test("no line of a table is wider than the terminal; the command to copy stays whole", arguments: [40, 79, 120])
  func width(_ columns: Int) throws {
    for name in allModels {
      for arguments in [[], ["--all"]] {
        let result = try run(
          idinitBinary, ["plan", model(name)] + arguments, environment: ["COLUMNS": "\(columns)"])
        #expect(result.status == 0)
        let lines = result.standardOutput.split(separator: "\n").map(String.init)
        #expect(lines.last?.hasPrefix("To write it: idinit init ") == true)
        let widest = lines.dropLast().map(\.count).max() ?? 0
        #expect(widest > 20 && widest <= columns, "\(name) \(arguments)")
      }
    }
  }

  @Test("colour changes nothing but colour")
  func colour() throws {
    for name in ["resnet-meta", "transformer"] {
      for columns in ["40", "80", "120"] {
        let plain = try idinit("plan", model(name), environment: ["COLUMNS": columns]).standardOutput
        let forced = try idinit(
          "plan", model(name), environment: ["COLUMNS": columns, "CLICOLOR_FORCE": "1"]
        ).standardOutput
        #expect(forced.contains("\u{1B}["))
        #expect(forced.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
      }
    }
  }

  @Test("with --all and no terminal every parameter has one line with its whole name", arguments: allModels)
  func all(_ name: String) throws {
    let lines = try idinit("plan", model(name), "--all").standardOutput.split(separator: "\n").map(String.init)
    let plan = try plannedJSON(model(name))
    for parameter in plan.parameters {
      let mine = lines.filter { $0.hasPrefix(parameter.name + " ") }
      #expect(mine.count == 1, "\(parameter.name)")
      #expect(
        mine.first?.contains(
          parameter.rule == "kept"
            ? "kept" : parameter.rule.hasPrefix("idi") ? parameter.rule.uppercased() : parameter.rule) == true)
    }
  }

  @Test(
    "JSON has every parameter once, known roles and rules, and matrices that are all of a packed weight",
    arguments: allModels)
  func json(_ name: String) throws {
    let plan = try plannedJSON(model(name))
    #expect(plan.model == model(name) && plan.method == "idinit" && plan.seed == 0)
    let program = try ExportedProgram(path: model(name))
    let stored = program.tensors.filter { $0.kind == .parameter }
    #expect(plan.parameters.map(\.name).sorted() == stored.map(\.name).sorted())
    for parameter in plan.parameters {
      #expect(ParameterRole(rawValue: parameter.role) != nil)
      #expect(parameter.rule == "kept" || Rule.Name(rawValue: parameter.rule) != nil)
      #expect(!parameter.reason.isEmpty)
      let tensor = try #require(stored.first { $0.name == parameter.name })
      #expect(parameter.shape == tensor.shape && parameter.dtype == tensor.dtype.rawValue)
      #expect(parameter.tied == tensor.tiedTo)
      if let parts = parameter.parts {
        let rows = parts.flatMap(\.rows).flatMap { Array($0[0]..<$0[1]) }
        #expect(rows.sorted() == Array(0..<rows.count) && parameter.shape.contains(rows.count))
      }
    }
    let names = Set(program.graph.values.map(\.name))
    for block in plan.blocks {
      #expect(names.isSuperset(of: [block.add, block.stem, block.shortcut]))
      #expect(block.last.allSatisfy { plan[$0] != nil })
    }
  }

  @Test("a program gives one plan, however it was exported")
  func forms() throws {
    func rows(_ name: String) throws -> [String] {
      try plannedJSON(model(name)).parameters.map {
        "\($0.name) \($0.role) \($0.rule) \($0.gain ?? 0) \($0.epsilon ?? 0) \($0.parts?.map(\.rows) ?? [])"
      }
    }
    let resnet = try rows("resnet-eval")
    #expect(try rows("resnet-train") == resnet && rows("resnet-decomposed") == resnet)
    #expect(try rows("transformer-decomposed") == rows("transformer"))
    #expect(try rows("meta") == rows("gpt"))
  }

  @Test("what is asked for is what is planned")
  func choices() throws {
    let plain = try plannedJSON(model("resnet-eval"))
    #expect(plain["stem.weight"]?.gain == 2.0.squareRoot() && plain["head.weight"]?.epsilon == 1e-6)
    #expect(plain["blocks.0.conv1.weight"]?.rule == "idic" && plain["blocks.0.conv2.weight"]?.rule == "idizc")

    let numbers = try plannedJSON(
      model("resnet-eval"), "--gain", "0.5", "--first-gain", "3", "--epsilon", "1e-3", "--looseness", "0")
    #expect(numbers["stem.weight"]?.gain == 3 && numbers["blocks.0.conv1.weight"]?.gain == 0.5)
    #expect(numbers["head.weight"]?.epsilon == 1e-3)

    let method = try plannedJSON(model("resnet-eval"), "--method", "orthogonal", "--seed", "18446744073709551615")
    #expect(method.method == "orthogonal" && method.seed == .max && method["stem.weight"]?.rule == "orthogonal")

    // The later of two that match counts, be it --set or --keep.
    let first = try plannedJSON(model("resnet-eval"), "--set", "*.weight=constant,value=0.5", "--keep", "blocks.*")
    #expect(first["stem.weight"]?.rule == "constant" && first["blocks.0.conv1.weight"]?.rule == "kept")
    let second = try plannedJSON(model("resnet-eval"), "--keep=blocks.*", "--set=blocks.1.*=zero")
    #expect(second["blocks.0.conv1.weight"]?.rule == "kept" && second["blocks.1.conv1.weight"]?.rule == "zero")
  }

  /// What only networks with numbers at the ends of their stems can be started with.
  private static let scalarMethods = ["fixup", "skipinit", "rezero"]

  @Test("a method that needs numbers at the ends of the stems is refused without them", arguments: scalarMethods)
  func refusals(_ method: String) throws {
    for (name, lack) in [("resnet-meta", "scalar multiplier"), ("lstm", "has no residual block")] {
      let result = try run(idinitBinary, ["plan", model(name), "--method", method])
      #expect(result.status != 0 && result.standardOutput == "")
      #expect(result.standardError.contains(lack), "\(result.standardError)")
      #expect(
        result.standardError.contains(name == "lstm" ? "'kaiming'" : method == "fixup" ? "'fixup-weights'" : "'idinit'")
      )
    }
  }

  @Test("every method plans every kind of network", arguments: Schemes.names)
  func methods(_ method: String) throws {
    let names =
      Self.scalarMethods.contains(method)
      ? ["fixup-meta"] : ["fixup-meta", "resnet-meta", "encoder-meta", "lstm", "strided"]
    for name in names {
      let result = try run(idinitBinary, ["plan", model(name), "--method", method])
      #expect(result.status == 0 && result.standardError == "", "\(name): \(result.standardError)")
    }
  }
}
