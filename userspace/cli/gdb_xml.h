/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Names in XML.
 */
#ifndef CLI_GDB_XML_H
#define CLI_GDB_XML_H

#include <stdio.h>

/**
 * gdb_xml_text() - text, as it stands in an attribute
 *
 * What XML has no way to write is a "?": control characters, and in what is not
 * UTF-8 all that is not ASCII.
 */
void gdb_xml_text(FILE *out, const char *text);

#endif /* CLI_GDB_XML_H */
