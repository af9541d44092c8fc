import ArgumentParser
import Foundation
import Lab
import Recipes

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the recipes: one for each table or figure of the paper.")

  @Flag(help: "Print a JSON array of objects instead.")
  var json = false

  func run() throws {
    if json {
      let recipes = RecipeRegistry.all.map { recipe -> JSONValue in
        let card = recipe.card
        return [
          "id": .string(card.id), "title": .string(card.title), "locus": .string(card.locus),
          "section": .string(card.section), "claim": .string(card.claim),
          "paper": .array(
            card.paper.map {
              ["labels": .array($0.labels.map(JSONValue.string)), "value": .double($0.value), "text": .string($0.text)]
            }),
          "deviations": .array(card.deviations.map(JSONValue.string)),
        ]
      }
      try Output.print(JSONValue.array(recipes).pretty)
      return
    }
    let width = (RecipeRegistry.ids.map(\.count).max() ?? 0) + 2
    for recipe in RecipeRegistry.all {
      let card = recipe.card
      let indent = String(repeating: " ", count: width)
      let lines = Wrapped.lines(card.title, width: max(min(Terminal.width, 100) - width, 20)).map { indent + $0 }
      let id = card.id + String(repeating: " ", count: width - card.id.count)
      try Output.print(([id + "\(card.locus), \(card.section)"] + lines).joined(separator: "\n"))
    }
    try Output.print("\n`idinit-lab show RECIPE` prints one in full, `idinit-lab run RECIPE --scale small` runs it.\n")
  }
}
