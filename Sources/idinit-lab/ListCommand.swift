import ArgumentParser
import Foundation
import Lab
import Recipes

struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list", abstract: "List the recipes: one for each table or figure of the paper.",
    discussion: """
      Examples:
        idinit-lab list
        idinit-lab list --csv > recipes.csv
      """)

  @OptionGroup var format: TableFormat

  func run() throws {
    let cards = RecipeRegistry.all.map { $0.card }
    if format.json { return try Output.print(JSONValue.array(cards.map(Self.json)).pretty) }
    if format.csv { return try Output.print(ResultTable(title: "", columns: [], rows: cards.map(Self.row)).csv) }
    let width = (cards.map(\.id.count).max() ?? 0) + 2
    let indent = String(repeating: " ", count: width)
    for card in cards {
      let lines = Wrapped.lines(card.title, width: max(Terminal.proseWidth - width, 20)).map { indent + $0 }
      let id = card.id + String(repeating: " ", count: width - card.id.count)
      try Output.print(([id + "\(card.locus), \(card.section)"] + lines).joined(separator: "\n"))
    }
    let next = "`idinit-lab show RECIPE` prints one in full, `idinit-lab run RECIPE --scale small` runs it."
    try Output.print("\n" + Wrapped.lines(next, width: Terminal.proseWidth).joined(separator: "\n"))
  }

  private static func json(_ card: RecipeCard) -> JSONValue {
    [
      "id": .string(card.id), "title": .string(card.title), "locus": .string(card.locus),
      "section": .string(card.section), "claim": .string(card.claim),
      "paper": .array(
        card.paper.map {
          ["labels": .array($0.labels.map(JSONValue.string)), "value": .double($0.value), "text": .string($0.text)]
        }),
      "deviations": .array(card.deviations.map(JSONValue.string)),
    ]
  }

  private static func row(_ card: RecipeCard) -> Row {
    [
      "id": .string(card.id), "locus": .string(card.locus), "section": .string(card.section),
      "title": .string(card.title), "claim": .string(card.claim),
    ]
  }
}
