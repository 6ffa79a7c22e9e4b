/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Any bytes as text of an XML document in UTF-8.
 */
#ifndef CLI_XML_TEXT_H
#define CLI_XML_TEXT_H

#include <stdio.h>

/**
 * xml_write() - write text, in an element or an attribute
 *
 * What XML has no character for, and what is not UTF-8, becomes U+FFFD.
 */
void xml_write(FILE *stream, const char *text, size_t length);

#endif /* CLI_XML_TEXT_H */
