"""What makes a PDF an archive copy (PDF/A-2b, ISO 19005-2): the colour profile it means, and its description."""

from __future__ import annotations

from datetime import datetime
from xml.sax.saxutils import escape

from PIL import ImageCms

PRODUCER = "工程建设项目审批综合窗口"
CREATION_DATE = slice(24, 36)
FIXED_DATE = bytes.fromhex("07ea0001000100000000" + "0000")

_PACKET = """<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>
<x:xmpmeta xmlns:x="adobe:ns:meta/">
 <rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">
  <rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:xmp="http://ns.adobe.com/xap/1.0/"
    xmlns:pdf="http://ns.adobe.com/pdf/1.3/" xmlns:pdfaid="http://www.aiim.org/pdfa/ns/id/">
   <dc:format>application/pdf</dc:format>
   <dc:title><rdf:Alt><rdf:li xml:lang="x-default">{title}</rdf:li></rdf:Alt></dc:title>
   <xmp:CreateDate>{moment}</xmp:CreateDate>
   <xmp:ModifyDate>{moment}</xmp:ModifyDate>
   <xmp:CreatorTool>{producer}</xmp:CreatorTool>
   <pdf:Producer>{producer}</pdf:Producer>{claim}
  </rdf:Description>
 </rdf:RDF>
</x:xmpmeta>
<?xpacket end="r"?>"""
_CLAIM = """
   <pdfaid:part>2</pdfaid:part>
   <pdfaid:conformance>B</pdfaid:conformance>"""


def colour_profile() -> bytes:
    """The sRGB profile, the same bytes every time."""
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return profile[: CREATION_DATE.start] + FIXED_DATE + profile[CREATION_DATE.stop :]


def description(title: str, moment: datetime, *, archival: bool) -> bytes:
    """The XMP packet; it claims PDF/A-2b only where the file keeps the promise."""
    return _PACKET.format(
        title=escape(title),
        moment=moment.isoformat(timespec="seconds"),
        producer=escape(PRODUCER),
        claim=_CLAIM if archival else "",
    ).encode("utf-8")
