/// The rows of a run's metrics as TensorBoard's events: one for the format's version, then one a row.
///
/// A row begins with what it is counted by (epoch, step, depth), a whole number, which becomes the event's step; where it does
/// not, the row's place does. Every other number is a scalar of its cell's name, with NaN and infinities as they are, in the
/// 32 bits that the format has for it; lists of counts whose bins are known are histograms. Events of the first rows do not
/// depend on later ones.
struct MetricsEvents {
  /// The run's settings, which know the ends of its bins.
  private let settings: JSONValue
  /// When the run began, in seconds since 1970.
  private let started: Double
  /// Rows whose events are made, and the time of the last of them.
  private var count = 0
  private var time: Double

  init(settings: JSONValue, started: Double) {
    self.settings = settings
    self.started = started
    time = started
  }

  /// The events of the rows that follow those of the calls before; the first call's begin with the format's version.
  mutating func next(_ rows: [Row]) -> [Tensorflow_Event] {
    var events: [Tensorflow_Event] = []
    if count == 0, !rows.isEmpty {
      var version = Tensorflow_Event()
      version.wallTime = started
      version.fileVersion = "brain.Event:2"
      events.append(version)
    }
    for row in rows {
      // The time that was spent computing: a run that was stopped and went on has no gap.
      if let seconds = row["timing"]?["seconds"]?.number, seconds.isFinite { time += seconds }
      var event = Tensorflow_Event()
      event.wallTime = time
      var cells = row.cells[...]
      if case .int(let step)? = cells.first?.value {
        event.step = Int64(step)
        cells = cells.dropFirst()
      } else {
        event.step = Int64(count)
      }
      event.summary.value = cells.compactMap(value)
      events.append(event)
      count += 1
    }
    return events
  }

  /// What a cell is to TensorBoard; nil where it is nothing to draw.
  private func value(_ cell: JSONValue.Member) -> Tensorflow_Summary.Value? {
    var value = Tensorflow_Summary.Value()
    value.tag = Self.tag(cell.key)
    if let number = cell.value.number {
      value.simpleValue = Float(number)
    } else if let histogram = histogram(cell) {
      value.histo = histogram
    } else {
      return nil
    }
    return value
  }

  /// The cell's name, with what comes before its first point as a group of TensorBoard's: `unmoved/layer1.0.conv2.weight`.
  static func tag(_ name: String) -> String {
    guard let point = name.firstIndex(of: "."), point != name.startIndex else { return name }
    return "\(name[..<point])/\(name[name.index(after: point)...])"
  }

  /// The counts with their bins. Sums are those of the bins' middles: the values themselves are not kept.
  private func histogram(_ cell: JSONValue.Member) -> Tensorflow_HistogramProto? {
    guard let counts = cell.value.elements?.compactMap(\.number), !counts.isEmpty,
      counts.count == cell.value.elements?.count,
      let (low, high) = HistogramBins.ends(of: cell.key, in: settings), low < high
    else { return nil }
    let width = (high - low) / Double(counts.count)
    var histogram = Tensorflow_HistogramProto()
    histogram.min = low
    histogram.max = high
    for (bin, count) in counts.enumerated() {
      let middle = low + (Double(bin) + 0.5) * width
      histogram.num += count
      histogram.sum += count * middle
      histogram.sumSquares += count * middle * middle
      histogram.bucket.append(count)
      histogram.bucketLimit.append(bin == counts.count - 1 ? high : low + Double(bin + 1) * width)
    }
    return histogram
  }
}
