"""Long work in chunks, beside a running server: import, export, demo data.

Each job writes one short unit of work per chunk, so that whoever else writes gets a turn, and a job that is killed
leaves whole chunks only. The entry points::

    demo.create_demo(database, *, contacts, moment, actor, allow_existing, progress) -> DemoReport
    import_contacts.import_contacts(database, file, *, clock, actor, options: ImportOptions, progress) -> ImportReport
    export_members.export_members(database, segment_no, output, *, progress) -> ExportReport

The rules of the import are written at ``import_options.ImportOptions``. A ``progress`` is told how much is done, and
how much there is to do.
"""
