import ArgumentParser
import Foundation
import IDInit
import Lab
import Recipes

/// Which recipe, with which settings: what `run` and `show` share.
struct RecipeChoice: ParsableArguments {
  @Argument(
    help: "A recipe (`idinit-lab list`), or a TOML file (`idinit-lab show RECIPE > mine.toml`).",
    completion: .list(RecipeRegistry.ids))
  var recipe: String

  @Option(help: "How large: smoke (seconds), small (minutes on two cores) or paper. [default: paper]")
  var scale: Scale?

  @Option(
    name: .customLong("method"),
    help:
      "An initialisation method (idinit, default, xavier, kaiming, orthogonal, pytorch, …); may be given several times.",
    completion: .custom { words, _, _ in RecipeCompletion.values(of: "methods", on: words) })
  var methods: [String] = []

  @Option(
    name: .customLong("variant"), help: "A variant of the network or the analysis; may be given several times.",
    completion: .custom { words, _, _ in RecipeCompletion.values(of: "variants", on: words) })
  var variants: [String] = []

  @Option(parsing: .unconditional, help: "Seeds, as 0,1,2.")
  var seeds: String?

  @Option(parsing: .unconditional, help: "Epochs to train.")
  var epochs: Int?

  @Option(
    name: .customLong("set"),
    help: ArgumentHelp(
      "Override any setting, as optimizer.learningRate=0.05; may be given several times.", valueName: "key=value"),
    completion: .custom { words, _, typed in RecipeCompletion.overrides(on: words, typed) })
  var overrides: [String] = []

  func resolved() throws -> ResolvedRecipe {
    var resolved = try base()
    var changes: [(key: String, text: String)] = []
    // The words of the command line that ask for each.
    var asked: [String] = []
    let options: [(option: String, key: String, text: String?)] = [
      ("--method", "methods", methods.isEmpty ? nil : methods.joined(separator: ",")),
      ("--variant", "variants", variants.isEmpty ? nil : variants.joined(separator: ",")),
      ("--seeds", "seeds", seeds), ("--epochs", "training.epochs", epochs.map(String.init)),
    ]
    for (option, key, text) in options {
      guard let text else { continue }
      guard resolved.has(key) else {
        throw LabError(.usage, "\(option) does nothing for \(resolved.card.id): it has no setting \(key)")
      }
      changes.append((key, text))
      asked.append(option)
    }
    for override in overrides {
      guard let equals = override.firstIndex(of: "="), equals != override.startIndex else {
        throw LabError(.usage, "--set \(override): expected key=value, as optimizer.learningRate=0.05")
      }
      changes.append((String(override[..<equals]), String(override[override.index(after: equals)...])))
      asked.append("--set \(override)")
    }
    for (index, change) in changes.enumerated() {
      guard let later = changes[(index + 1)...].firstIndex(where: { $0.key == change.key }) else { continue }
      throw LabError(
        .usage,
        "\(asked[index]) does nothing: \(asked[later]) sets \(change.key) as well, and the last one counts; leave one out"
      )
    }
    if !changes.isEmpty { try resolved.set(changes) }
    return resolved
  }

  /// Whether somebody has said which data set to use: a recipe's own choice may be replaced, theirs may not.
  var namesData: Bool { isFile || overrides.contains { $0.hasPrefix("data.name=") } }

  /// Whether the recipe is a TOML file, by its name.
  var isFile: Bool { recipe.hasSuffix(".toml") || recipe.contains("/") }

  private func base() throws -> ResolvedRecipe {
    guard isFile else { return try ResolvedRecipe(recipe, at: scale ?? .paper) }
    if let scale {
      throw LabError(
        .usage,
        "--scale \(scale.rawValue) does nothing for a TOML file: write scale = \"\(scale.rawValue)\" in \(recipe)")
    }
    guard FileManager.default.fileExists(atPath: recipe) else { throw LabError(.noInput, "there is no file \(recipe)") }
    guard let data = FileManager.default.contents(atPath: recipe) else { throw LabError(.io, "cannot read \(recipe)") }
    guard let text = String(data: data, encoding: .utf8) else {
      throw LabError(.data, "\(recipe) is not UTF-8 text; expected TOML")
    }
    return try ResolvedRecipe(toml: text, file: recipe)
  }
}

extension Scale: ExpressibleByArgument {}
