import Foundation
import Records

/// Draws figures with PyPI's `vl-convert-python`, which needs no network and no browser.
public struct PlotRenderer: Sendable {
  /// The Python that is asked; a bare name is looked for on the path.
  public var python: String
  /// How long it may take in all.
  public var seconds: Double

  /// The widths at which every figure is drawn, in pixels: for a page's column, and for a telephone.
  public static let widths = (wide: 760, narrow: 336)

  /// - Parameters:
  ///   - python: nil for `IDINIT_PYTHON`, else the one in `IDINIT_DEPS/venv` or `.deps/venv`, else `python3`.
  ///   - seconds: after which drawing is given up.
  public init(python: String? = nil, seconds: Double = 300) {
    self.python = python ?? PythonProgram.found().path
    self.seconds = seconds
  }

  /// Draws all figures in one run of Python.
  /// - Returns: pictures in the order of `figures`, and the program that makes them interactive.
  /// - Throws: ``PlotRenderError``.
  public func render(_ figures: [Figure]) throws(PlotRenderError) -> RenderedPlots {
    let plots = figures.map { figure -> JSONValue in
      let spec = ThemedSpec.page(figure)
      let widths = [figure.width == .half ? Self.widths.wide / 2 : Self.widths.wide, Self.widths.narrow]
      return ["id": .string(figure.id), "specs": .array(widths.map { spec.with("width", .int($0)) })]
    }
    let job: JSONValue = ["version": .string(VegaLite.version), "plots": .array(plots)]
    let answer = try PythonProgram(path: python).run(PlotScript.text, input: Data(job.line.utf8), seconds: seconds)
    guard answer.status != PlotScript.missing else { throw .noVlConvert(python: python) }
    guard answer.status == 0 else { throw .failed(status: answer.status, output: answer.problem) }
    return try Self.plots(in: answer.output, of: figures)
  }

  private static func plots(in output: Data, of figures: [Figure]) throws(PlotRenderError) -> RenderedPlots {
    let value: JSONValue
    do {
      value = try JSONValue(parsing: output)
    } catch {
      throw .badAnswer(error.description)
    }
    guard let plots = value["plots"]?.elements, plots.count == figures.count, let javascript = value["javascript"]?.text
    else {
      throw .badAnswer("it has not \(figures.count) plots and a program")
    }
    var result = RenderedPlots(pictures: [], javascript: javascript)
    for (plot, figure) in zip(plots, figures) {
      if let error = plot["error"]?.text {
        result.pictures.append(nil)
        result.undrawn.append("\(figure.title): \(error.split(separator: "\n").prefix(2).joined(separator: " "))")
        continue
      }
      guard let svgs = plot["svgs"]?.elements?.compactMap(\.text), svgs.count == 2 else {
        throw .badAnswer("a plot has not two pictures")
      }
      // They stand in the page as they are, so that they take its colours. Vega escapes what comes from data; this is
      // the second lock on that door. No "<" of a text is bare, so these are elements.
      for word in ["<script", "<foreignobject", "<iframe"]
      where svgs.contains(where: { $0.lowercased().contains(word) }) {
        throw .badAnswer("a picture holds \(word)")
      }
      result.pictures.append(.init(wide: svgs[0], narrow: svgs[1]))
    }
    return result
  }
}

/// Figures as pictures, and the program that makes them interactive.
public struct RenderedPlots: Sendable, Hashable {
  /// A figure drawn twice, for wide and for narrow screens.
  public struct Picture: Sendable, Hashable {
    /// SVG for a column, and for a telephone.
    public var wide: String
    /// As SVG, for narrow screens.
    public var narrow: String

    /// The two pictures of a figure.
    public init(wide: String, narrow: String) {
      self.wide = wide
      self.narrow = narrow
    }
  }

  /// In the order of the figures; nil for one that could not be drawn.
  public var pictures: [Picture?]
  /// Of those: title and reason.
  public var undrawn: [String] = []
  /// Vega, Vega-Lite and Vega-Embed in one text, about 0.9 MB, that asks nothing of a network.
  public var javascript: String

  /// Pictures and program that are drawn already.
  public init(pictures: [Picture?], javascript: String) {
    self.pictures = pictures
    self.javascript = javascript
  }
}
