/// Why plots could not be drawn. The page is written all the same, with tables in their place.
public enum PlotRenderError: Error, Sendable, Hashable, CustomStringConvertible {
  /// No Python can be run; the text says which was tried.
  case noPython(String)
  /// That Python has no vl-convert-python.
  case noVlConvert(python: String)
  /// It did not end in time.
  case timedOut(seconds: Double)
  /// It ended with this status, and wrote this on its standard error (its last lines).
  case failed(status: Int32, output: String)
  /// These figures could not be drawn (title and reason of each); the others could.
  case undrawn([String])
  /// What it answered is not what was asked for.
  case badAnswer(String)
  /// Files for its input and output cannot be made or read.
  case io(String)

  public var description: String {
    switch self {
    case .noPython(let tried):
      "plots need Python with vl-convert-python, and \(tried) cannot be run; set IDINIT_PYTHON to a Python that has it"
    case .noVlConvert(let python):
      "plots need vl-convert-python, which this Python lacks: \(python) -m pip install vl-convert-python"
    case .timedOut(let seconds): "drawing the plots took more than \(Int(seconds.rounded(.up))) s, and was stopped"
    case .failed(let status, let output):
      "drawing the plots failed (status \(status))" + (output.isEmpty ? "" : ": \(output)")
    case .undrawn(let figures): "not drawn: \(figures.joined(separator: "; "))"
    case .badAnswer(let problem): "drawing the plots gave something else than plots: \(problem)"
    case .io(let problem): problem
    }
  }

  /// For readers of the page: what is missing and what to do about it, without the places of the machine it was made on.
  var sentence: String {
    switch self {
    case .noPython, .noVlConvert:
      "The plots are missing here, because the Python package vl-convert-python was not there when this page was made "
        + "(pip install vl-convert-python). Every figure's numbers are in its table."
    case .timedOut, .failed, .badAnswer, .io, .undrawn:
      "The plots are missing here, because they could not be drawn when this page was made. Every figure's numbers are "
        + "in its table."
    }
  }
}
