import Foundation
import Mustache
import Records

/// Text that comes from data, made harmless for the place where it stands.
enum PageEscaping {
  /// For text and for attributes in quotes. It goes by Unicode scalars: with a combining mark behind it a quote is
  /// another `Character`, but for a browser it still ends the attribute.
  static func html(_ text: String) -> String {
    var escaped = ""
    for scalar in text.unicodeScalars {
      switch scalar {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      case "'": escaped += "&#39;"
      // Not allowed in HTML at all.
      case "\0": escaped.unicodeScalars.append("\u{FFFD}")
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// JSON for a `script` element: nothing in it can end the element or begin a comment.
  static func json(_ value: JSONValue) -> String {
    var escaped = ""
    for scalar in value.line.unicodeScalars {
      switch scalar {
      case "<": escaped += "\\u003c"
      case ">": escaped += "\\u003e"
      case "&": escaped += "\\u0026"
      case "\u{2028}": escaped += "\\u2028"
      case "\u{2029}": escaped += "\\u2029"
      default: escaped.unicodeScalars.append(scalar)
      }
    }
    return escaped
  }

  /// A program for a `script` element. `</script` and `<!--` occur only in strings and patterns, where `\` before the
  /// second character changes nothing.
  static func javascript(_ text: String) -> String {
    text.replacingOccurrences(of: "</script", with: "<\\/script", options: .caseInsensitive)
      .replacingOccurrences(of: "<!--", with: "<\\!--")
  }

  /// A file to download, as an address.
  static func csvAddress(_ csv: String) -> String {
    "data:text/csv;charset=utf-8," + (csv.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")
  }

  /// Names for places in the page: letters, digits and hyphens, each once.
  struct Names {
    private var taken: Set<String> = []

    mutating func name(_ wish: String, prefix: String) -> String {
      var name = prefix
      for scalar in wish.unicodeScalars {
        let isPlain = scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
        if isPlain {
          name.unicodeScalars.append(scalar)
        } else if name.last != "-" {
          name += "-"
        }
      }
      while name.last == "-" { name.removeLast() }
      var candidate = name
      var number = 2
      while !taken.insert(candidate).inserted {
        candidate = "\(name)-\(number)"
        number += 1
      }
      return candidate
    }
  }
}

/// Mustache's own escaping goes by `Character`, which is not enough (see ``PageEscaping/html(_:)``).
struct PageContent: MustacheContentType {
  static let name = "IDINIT_HTML"
  func escapeText(_ text: String) -> String { PageEscaping.html(text) }
}
