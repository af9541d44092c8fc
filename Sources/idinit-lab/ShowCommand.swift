import ArgumentParser
import Foundation
import Recipes

struct ShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print a recipe with all its settings, as TOML that `run` takes.",
    usage: "idinit-lab show <recipe> [<options>]",
    discussion: """
      Examples:
        idinit-lab show table8 --scale small
        idinit-lab show table8 > mine.toml    # edit it
        idinit-lab run mine.toml
      """)

  @OptionGroup var choice: RecipeChoice

  func run() throws {
    try Output.print(try choice.resolved().toml)
  }
}
