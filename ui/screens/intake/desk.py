"""The middle of 收件: checklist left, pages in the middle, form right."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QFileDialog, QHBoxLayout, QVBoxLayout, QWidget

from ui.page_images import PageImages
from ui.screens.intake import checklist, form
from ui.screens.intake.state import IntakeState
from ui.shown import FieldShown, Mark
from ui.theme import active
from ui.tokens import SIZE
from ui.widgets.form import FormField, FormView
from ui.widgets.page_viewer import PageViewer
from ui.widgets.painted import Rule
from ui.widgets.rows_model import Column
from ui.widgets.rows_view import RowsView

_PROBLEM = "problem"
_LEFT_COMPACT, _RIGHT_COMPACT = 444, 344


class MaterialsPane(QWidget):
    """The checklist, and below it the words of a defect while one is described."""

    described = Signal(str)

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("pane")
        self.setAttribute(Qt.WidgetAttribute.WA_StyledBackground)
        self.table = RowsView(
            self.tr("材料核对"),
            (
                Column("", 34, spoken=self.tr("编号")),
                Column(self.tr("材料")),
                Column(self.tr("原件"), 56, centred=True),
                Column(self.tr("复印件"), 50, centred=True),
                Column(self.tr("电子"), 40, centred=True),
                Column(self.tr("核对"), 84),
            ),
            header_height=SIZE.head,
            pad=14,
            turns_pages=True,
        )
        self.problem = FormField(FieldShown(_PROBLEM, self.tr("问题")), label_width=40)
        self.problem.edit.setPlaceholderText(self.tr("写明哪里不合格，写入凭单"))
        self.problem.edited.connect(lambda _, text: self.described.emit(text))
        self.problem.edit.returnPressed.connect(self.table.setFocus)
        self.problem.hide()
        box = QVBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.table, 1)
        box.addWidget(self.problem)

    def show_lines(self, state: IntakeState) -> None:
        """Rows, the chosen one, and its problem."""
        draft = state.draft
        if draft is None:
            return
        self.table.show_rows(checklist.rows_of(draft, state.line), state.line)
        line = draft.line(state.line)
        defective = line is not None and line.verdict.value == "defective"
        self.problem.setVisible(defective)
        if line is not None and defective and not self.problem.edit.hasFocus():
            mark, note = (Mark.NONE, "") if line.problem else (Mark.MISSING, self.tr("必须写明"))
            self.problem.show_field(FieldShown(_PROBLEM, self.tr("问题"), line.problem, mark, note))

    def ask_problem(self) -> None:
        """Put the keyboard where the defect is described."""
        self.problem.show()
        self.problem.edit.setFocus(Qt.FocusReason.OtherFocusReason)
        self.problem.edit.selectAll()


class Desk(QWidget):
    """The three panes without gaps."""

    files_chosen = Signal(list)

    def __init__(self, images: PageImages) -> None:
        super().__init__()
        self.materials = MaterialsPane()
        self.viewer = PageViewer(images, self.tr("还没有扫描页；按 F5 导入，或把文件拖到这里"))
        self.form = FormView(self.tr("项目和申请人"))
        self.form.setObjectName("pane")
        self.viewer.files_dropped.connect(self.files_chosen)
        box = QHBoxLayout(self)
        box.setContentsMargins(0, 0, 0, 0)
        box.setSpacing(0)
        box.addWidget(self.materials)
        box.addWidget(Rule())
        box.addWidget(self.viewer, 1)
        box.addWidget(Rule())
        box.addWidget(self.form)
        self.set_compact(False)

    def set_compact(self, compact: bool) -> None:
        """Narrower panes and lower lines on low screens."""
        theme = active()
        self.materials.setFixedWidth(theme.px(_LEFT_COMPACT if compact else SIZE.left_pane))
        self.form.setFixedWidth(theme.px(_RIGHT_COMPACT if compact else SIZE.right_pane))
        self.form.set_compact(compact)
        self.viewer.canvas.fit("width" if compact else "page")

    def show_desk(self, state: IntakeState) -> None:
        """Checklist, pages, form."""
        if state.draft is None:
            return
        self.materials.show_lines(state)
        self.viewer.show_pages(checklist.pages_of(state.draft), state.page)
        self.form.show_parts(form.parts_of(state.texts, state.touched, {}))

    def ask_files(self) -> None:
        """Choose files without stopping anything else."""
        dialog = QFileDialog(self, self.tr("导入材料"))
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        dialog.setNameFilter(self.tr("材料 (*.pdf *.jpg *.jpeg *.png *.tif *.tiff *.ofd)"))
        dialog.filesSelected.connect(self.files_chosen)
        dialog.open()

    def next_field(self, edit: QWidget) -> bool:
        """Enter in a field goes to the next one; False when it is not in the form or was the last."""
        fields = self.form.fields()
        names = [field.name for field in fields if field.edit is edit]
        if not names:
            return False
        at = [field.name for field in fields].index(names[0])
        if at + 1 < len(fields):
            self.form.go_to(fields[at + 1].name)
        else:
            self.materials.table.setFocus()
        return True
