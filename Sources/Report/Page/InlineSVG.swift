/// A picture of vl-convert's, made fit for a page that has other such pictures.
enum InlineSVG {
  /// The same picture with a prefix before its identifiers (`clip0`), since every picture has the same ones.
  static func text(_ svg: String, prefix: String) -> String {
    var text = ""
    text.reserveCapacity(svg.utf8.count)
    // Vega escapes < and > in text and in attributes: a part begins with a tag, and what follows its > is text.
    for (index, part) in svg.split(separator: "<", omittingEmptySubsequences: false).enumerated() {
      if index == 0 {
        text += part
        continue
      }
      let end = part.firstIndex(of: ">") ?? part.endIndex
      text += "<" + prefixed(part[..<end], prefix) + part[end...]
    }
    return text
  }

  private static func prefixed(_ tag: Substring, _ prefix: String) -> String {
    var tag = String(tag)
    for start in [" id=\"", "url(#", "href=\"#"] where tag.contains(start) {
      tag = tag.replacing(start, with: "\(start)\(prefix)-")
    }
    return tag
  }
}
