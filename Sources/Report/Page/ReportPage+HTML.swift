import Mustache
import Records

extension ReportPage {
  /// The page as one file that needs no other and no network.
  ///
  /// - Parameters:
  ///   - plots: the figures drawn, in the order of ``figures``; a table stands in the place of one that is not.
  ///   - problem: why there are none, for a sentence on the page.
  /// - Returns: HTML, the same bytes for the same page and plots.
  /// - Throws: ``ReportError`` if `plots` belong to other figures.
  public func html(plots: RenderedPlots?, problem: PlotRenderError? = nil) throws(ReportError) -> String {
    if let plots, plots.pictures.count != figures.count { throw .plotsOfOthers(plots.pictures.count, figures.count) }
    let library = try PageTemplate.library()
    var context = PageContext(page: self, plots: plots, problem: problem)
    guard let html = library.render(context.values(), withTemplate: PageTemplate.page) else { throw .noTemplate }
    return html
  }

  /// The page with its figures drawn, or with tables in their place and the reason.
  ///
  /// - Parameter renderer: nil: nothing is drawn, and the page says nothing about it.
  /// - Returns: the page, how many figures are drawn in it, and why others could not be, if so: for a warning.
  /// - Throws: ``ReportError``; never because of the figures.
  public func html(
    renderer: PlotRenderer?
  ) throws(ReportError) -> (html: String, drawn: Int, problem: PlotRenderError?) {
    guard let renderer, !figures.isEmpty else { return (try html(plots: nil), 0, nil) }
    let plots: RenderedPlots
    do throws(PlotRenderError) {
      plots = try renderer.render(figures)
    } catch {
      return (try html(plots: nil, problem: error), 0, error)
    }
    let drawn = plots.pictures.count { $0 != nil }
    return (try html(plots: plots), drawn, plots.undrawn.isEmpty ? nil : .undrawn(plots.undrawn))
  }
}

/// A page that cannot be made.
public enum ReportError: Error, Sendable, Hashable, CustomStringConvertible {
  /// Pictures of another number of figures than the page has: how many, and how many it has.
  case plotsOfOthers(Int, Int)
  /// The page's template cannot be read, for this reason.
  case template(String)
  /// The page's template is not there.
  case noTemplate

  public var description: String {
    switch self {
    case .plotsOfOthers(let plots, let figures): "there are \(plots) plots for \(figures) figures"
    case .template(let problem): "the page's template cannot be read: \(problem)"
    case .noTemplate: "the page's template is not there"
    }
  }
}
