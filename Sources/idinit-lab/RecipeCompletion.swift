import Lab
import Recipes

/// What shells offer for a recipe's settings: those of the recipe on the line, else of all.
enum RecipeCompletion {
  /// The words that a setting knows.
  ///
  /// - Parameters:
  ///   - key: Its dotted key.
  ///   - words: The command line so far.
  /// - Returns: None where a setting takes other values than words.
  static func values(of key: String, on words: [String]) -> [String] {
    unique(recipes(on: words).flatMap { $0.words(for: key) })
  }

  /// Keys with their equals sign; behind one, the words that it knows.
  static func overrides(on words: [String], _ typed: String) -> [String] {
    if let equals = typed.firstIndex(of: "=") {
      let key = String(typed[..<equals])
      return values(of: key, on: words).map { "\(key)=\($0)" }
    }
    return unique(recipes(on: words).flatMap(\.keys)).map { "\($0)=" }
  }

  private static func recipes(on words: [String]) -> [ResolvedRecipe] {
    let named = RecipeRegistry.ids.filter(words.contains)
    return (named.isEmpty ? RecipeRegistry.ids : named).compactMap { try? ResolvedRecipe($0, at: .paper) }
  }

  private static func unique(_ words: [String]) -> [String] {
    words.reduce(into: []) { known, word in if !known.contains(word) { known.append(word) } }
  }
}
