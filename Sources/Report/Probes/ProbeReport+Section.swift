import Records

extension ReportSection {
  /// What a probe found of a network: a verdict a line, and figures.
  public init(_ probe: ProbeReport) {
    self.init(
      id: "probe-\(probe.network)", heading: "\(probe.network) at its start", locus: "Probe",
      figures: probe.figures, table: probe.table,
      notes: [
        "\(probe.data); seed \(probe.seed). Good: what goes through the network keeps its size; fair: it changes, by less "
          + "than what training copes with; bad: it vanishes, explodes or is lost."
      ],
      commands: ["\(probe.command) > \(probe.network).json"])
  }
}

extension ProbeReport {
  /// A row for every probe and method, in the order of the file.
  var table: ResultTable {
    let probes = methods.flatMap { $0.findings.map(\.probe) }.unique
    let rows = probes.flatMap { probe in
      methods.compactMap { method -> Row? in
        method[probe].map { finding in
          Row([
            .init("probe", .string(probe)), .init("start", .string(method.name)),
            .init("verdict", .string(finding.verdict)), .init("finding", .string(finding.sentence)),
          ]).appending(finding.summary)
        }
      }
    }
    return ResultTable(
      title: "What the probes find in \(network)",
      columns: [
        .text("probe", "probe"), .text("start", "start"), .text("verdict", "verdict"), .text("finding", "finding"),
      ], rows: rows)
  }
}
