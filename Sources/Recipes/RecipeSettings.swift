import Foundation
import IDInit
import Lab

/// Everything about a recipe that somebody may want to change: a struct of structs, numbers, strings, truth values,
/// choices (``SettingChoice``) and lists of these; no optionals, so that every key is always there to be seen and
/// overridden.
///
/// Keys are the properties' names. Well-known ones are served by options of `idinit-lab run`: `methods`, `variants`,
/// `seeds`, `training.epochs`, `data`.
public protocol RecipeSettings: Codable, Hashable, Sendable {
  /// Finds values that can never work.
  /// - Throws: ``SettingError`` with the key, the value and what was expected.
  func validate() throws(SettingError)
}

/// A setting with a fixed list of words.
public protocol SettingChoice: RawRepresentable, CaseIterable, Codable, Hashable, Sendable where RawValue == String {}

extension SettingChoice {
  /// Reads one of the words.
  ///
  /// - Throws: ``SettingError`` for any other, with the one that was probably meant.
  public init(from decoder: any Decoder) throws {
    let word = try decoder.singleValueContainer().decode(String.self)
    guard let choice = Self(rawValue: word) else {
      let known = Self.allCases.map(\.rawValue)
      throw SettingError(
        decoder.codingPath.map { $0.intValue.map { "[\($0)]" } ?? $0.stringValue }.joined(separator: "."),
        found: JSONValue.quoted(word), expected: SettingError.oneOf(known, nearestTo: word))
    }
    self = choice
  }
}

/// A setting that is unknown, of the wrong type, or impossible.
public struct SettingError: Error, Hashable, Sendable, CustomStringConvertible {
  /// The dotted key.
  public var key: String
  /// What is wrong and what was expected, for people.
  public var message: String

  /// An impossible value.
  public init(_ key: String, found: String, expected: String) {
    self.key = key
    message = "\(key) is \(found); expected \(expected)"
  }

  /// An unknown key.
  public init(unknown key: String, known: [String]) {
    self.key = key
    let list = "known: " + known.joined(separator: ", ")
    message = "there is no setting \(key); " + (NearestKey.of(key, among: known).map { didYouMean($0) } ?? list)
  }

  public var description: String { message }

  static func oneOf(_ known: [String], nearestTo word: String) -> String {
    let list = known.count == 1 ? known[0] : "one of " + known.joined(separator: ", ")
    return NearestKey.of(word, among: known).map { "\(list) (\(didYouMean($0)))" } ?? list
  }
}

/// The checks that settings are made of.
enum Check {
  /// More steps, or lines, than anybody waits for.
  static let mostSteps = 1_000_000_000
  /// More images in a batch than any data set here has.
  static let mostImages = 1_000_000

  static func positive(_ value: Double, _ key: String) throws(SettingError) {
    guard value.isFinite, value > 0 else {
      throw SettingError(key, found: JSONValue.text(value), expected: "a number greater than 0")
    }
  }

  static func notNegative(_ value: Double, _ key: String) throws(SettingError) {
    guard value.isFinite, value >= 0 else {
      throw SettingError(key, found: JSONValue.text(value), expected: "a number of 0 or more")
    }
  }

  /// From 0 up to but not including 1.
  static func share(_ value: Double, _ key: String) throws(SettingError) {
    guard value >= 0, value < 1 else {
      throw SettingError(key, found: JSONValue.text(value), expected: "a number from 0 up to, not including, 1")
    }
  }

  static func finite(_ value: Double, _ key: String) throws(SettingError) {
    guard value.isFinite else { throw SettingError(key, found: JSONValue.text(value), expected: "a finite number") }
  }

  /// From `least` to `most`, which keeps products of settings far from overflow and arrays within a machine.
  static func atLeast(_ least: Int, _ value: Int, _ key: String, atMost most: Int) throws(SettingError) {
    guard value >= least else {
      throw SettingError(key, found: "\(value)", expected: "a whole number of \(least) or more (to \(most))")
    }
    guard value <= most else {
      throw SettingError(key, found: "\(value)", expected: "a whole number from \(least) to \(most)")
    }
  }

  /// Not empty, nothing twice.
  static func list<Element: Hashable>(_ values: [Element], _ key: String) throws(SettingError) {
    guard !values.isEmpty else { throw SettingError(key, found: "an empty list", expected: "at least one") }
    var seen: Set<Element> = []
    for value in values where !seen.insert(value).inserted {
      throw SettingError(key, found: "\(values)", expected: "nothing twice, but \(value) is")
    }
  }

  static func seeds(_ seeds: [Int]) throws(SettingError) {
    try list(seeds, "seeds")
    for seed in seeds { try atLeast(0, seed, "seeds", atMost: 1 << 40) }
  }
}
