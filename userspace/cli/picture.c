// SPDX-License-Identifier: GPL-2.0-only

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/param.h>

#include "amount.h"
#include "picture.h"
#include "xml_text.h"

/* Of the drawing, in its own units. */
#define LEFT		130
#define WIDTH		1024
#define RIGHT		16
#define ROW		24
#define BAR		18
#define HEAD		60
#define LEGEND_LINE	20

#define ROWS		40
#define CELLS		256	/* in a row */
#define PAGES_LEAST	16	/* likewise */

/* What begins a new row, but for more than so many; all others get a mark. */
#define GAP_LEAST	(1ULL << 30)
#define GAPS_MOST	16

#define RESERVED_LEAST	(1ULL << 20)

#define PROTECTION	(MEMRW_REGION_READ | MEMRW_REGION_WRITE | MEMRW_REGION_EXEC)

/* struct kind - of regions, by protection; the first that fits */
static const struct kind {
	const char *class;
	const char *text;
	const char *dark;
	const char *pale;
	uint32_t properties;
} kinds[] = {
	{ "wx", "rwx  written to and executed", "#a3219c", "#f3dcf2",
	  MEMRW_REGION_WRITE | MEMRW_REGION_EXEC },
	{ "x", "r-x  code", "#c8432b", "#f8dfd9", MEMRW_REGION_EXEC },
	{ "w", "rw-  data", "#2f7d32", "#dcefdc", MEMRW_REGION_WRITE },
	{ "r", "r--  constants", "#2563a8", "#dbe7f5", MEMRW_REGION_READ },
	{ "n", "---  no access", "#707070", "#e8e8e8", 0 },
};

#define KINDS	(sizeof(kinds) / sizeof(kinds[0]))

/* struct total - of the regions of a kind */
struct total {
	size_t regions;
	uint64_t size;
	uint64_t data;
	uint64_t zero;
	uint64_t swapped;
};

/*
 * struct drawing - on its way
 * @y: of the row
 * @at: bytes of the row that are drawn
 * @gap_least: what begins a new row
 * @left_out: bytes between the first region and the last that are not drawn
 * @gaps: how many pieces that is
 */
struct drawing {
	const struct picture *picture;
	FILE *stream;
	int y;
	uint64_t at;
	uint64_t gap_least;
	uint64_t left_out;
	size_t gaps;
	struct total totals[KINDS];
};

static size_t kind_of(const struct picture_region *region)
{
	size_t i = 0;

	while ((region->properties & kinds[i].properties) != kinds[i].properties)
		i++;
	return i;
}

/*
 * The scale
 */

bool picture_is_reserved(const struct picture_region *region)
{
	return !(region->properties & PROTECTION) &&
	       region->end - region->start >= RESERVED_LEAST;
}

void picture_scale(struct picture *picture)
{
	uint64_t total = 0;

	for (size_t i = 0; i < picture->count; i++) {
		if (!picture_is_reserved(&picture->regions[i]))
			total += picture->regions[i].end - picture->regions[i].start;
	}
	picture->row = PAGES_LEAST * picture->page;
	while (picture->row < total / ROWS)
		picture->row *= 2;
	picture->cell = MAX(picture->row / CELLS, picture->page);
}

size_t picture_cells(const struct picture *picture, const struct picture_region *region)
{
	uint64_t size = region->end - region->start;

	return size / picture->cell + (size % picture->cell > 0);
}

/* The next region that is drawn, from one on. */
static size_t next_drawn(const struct picture *picture, size_t i)
{
	while (i < picture->count && picture_is_reserved(&picture->regions[i]))
		i++;
	return i;
}

static size_t gaps_of(const struct picture *picture, uint64_t least)
{
	size_t i = next_drawn(picture, 0), next, count = 0;

	for (; i < picture->count; i = next) {
		next = next_drawn(picture, i + 1);
		count += next < picture->count &&
			 picture->regions[next].start - picture->regions[i].end >= least;
	}
	return count;
}

static uint64_t find_gap_least(const struct picture *picture)
{
	uint64_t least = GAP_LEAST;

	while (least < 1ULL << 60 && gaps_of(picture, least) > GAPS_MOST)
		least *= 2;
	return least;
}

/*
 * Drawing
 */

static double x_of(const struct drawing *drawing, uint64_t at)
{
	return LEFT + (double)at / drawing->picture->row * WIDTH;
}

static void print_rect(const struct drawing *drawing, const char *class, uint64_t at,
		       uint64_t length, double from, double to)
{
	fprintf(drawing->stream, "<rect class='%s' x='%.2f' y='%.2f' width='%.3f' height='%.2f'/>\n",
		class, x_of(drawing, at), drawing->y + BAR * (1 - to),
		(double)length / drawing->picture->row * WIDTH, BAR * (to - from));
}

static void print_title(const struct drawing *drawing, const struct picture_region *region)
{
	char text[AMOUNT_TEXT];

	fprintf(drawing->stream, "<title>%" PRIx64 "-%" PRIx64 " %c%c%c%c %s ",
		region->start, region->end,
		region->properties & MEMRW_REGION_READ ? 'r' : '-',
		region->properties & MEMRW_REGION_WRITE ? 'w' : '-',
		region->properties & MEMRW_REGION_EXEC ? 'x' : '-',
		region->properties & MEMRW_REGION_SHARED ? 's' : 'p',
		amount_format(region->end - region->start, text, sizeof(text)));
	xml_write(drawing->stream, region->name, strlen(region->name));
	fputs("</title>\n", drawing->stream);
}

/* As much of the file name as there is room for. */
static void print_label(const struct drawing *drawing, const struct picture_region *region,
			uint64_t length)
{
	const char *slash = strrchr(region->name, '/');
	const char *name = slash ? slash + 1 : region->name;
	size_t fits = (double)length / drawing->picture->row * WIDTH / 6.5;

	if (strlen(name) == 0 || strlen(name) + 1 > fits)
		return;
	fprintf(drawing->stream, "<text class='name' x='%.2f' y='%d'>",
		x_of(drawing, drawing->at) + 3, drawing->y + BAR - 5);
	xml_write(drawing->stream, name, strlen(name));
	fputs("</text>\n", drawing->stream);
}

static void begin_row(struct drawing *drawing, uint64_t address)
{
	drawing->y += ROW;
	drawing->at = 0;
	fprintf(drawing->stream, "<text class='address' x='%d' y='%d'>%" PRIx64 "</text>\n",
		LEFT - 8, drawing->y + BAR - 5, address);
}

static bool is_same(const struct picture_cell *a, const struct picture_cell *b)
{
	return a->data == b->data && a->zero == b->zero && a->swapped == b->swapped;
}

/* @pages: of a cell, which are all of its height */
static void draw_cells(const struct drawing *drawing, const struct picture_cell *cell,
		       size_t kind, uint64_t at, uint64_t length, double pages)
{
	double data = MIN(cell->data / pages, 1), zero = MIN(data + cell->zero / pages, 1);
	char class[8];

	snprintf(class, sizeof(class), "%sd", kinds[kind].class);
	if (cell->data)
		print_rect(drawing, class, at, length, 0, data);
	snprintf(class, sizeof(class), "%sz", kinds[kind].class);
	if (cell->zero)
		print_rect(drawing, class, at, length, data, zero);
	if (cell->swapped)
		print_rect(drawing, "swap", at, length, zero,
			   MIN(zero + cell->swapped / pages, 1));
}

/* What of a region is in the row: pieces of as much are one rectangle. */
static void draw_pages(const struct drawing *drawing, const struct picture_region *region,
		       uint64_t offset, uint64_t length)
{
	uint64_t size = region->end - region->start, cell = drawing->picture->cell;
	uint64_t end = offset + length, run;

	for (uint64_t from = offset; region->cells && from < end; from = run) {
		uint64_t first = from / cell * cell;
		const struct picture_cell *here = &region->cells[from / cell];

		run = first + cell;
		/* The last one is smaller. */
		while (run + cell <= size && run < end && is_same(here, &region->cells[run / cell]))
			run += cell;
		run = MIN(run, end);
		draw_cells(drawing, here, kind_of(region), drawing->at + (from - offset), run - from,
			   (double)MIN(cell, size - first) / drawing->picture->page);
	}
}

static void draw_piece(const struct drawing *drawing, const struct picture_region *region,
		       uint64_t offset, uint64_t length)
{
	fputs("<g>", drawing->stream);
	print_title(drawing, region);
	print_rect(drawing, kinds[kind_of(region)].class, drawing->at, length, 0, 1);
	draw_pages(drawing, region, offset, length);
	if (region->properties & MEMRW_REGION_SHARED)
		print_rect(drawing, "shared", drawing->at, length, 0, 0.12);
	fprintf(drawing->stream, "<rect class='edge' x='%.2f' y='%d' width='%.3f' height='%d'/>\n",
		x_of(drawing, drawing->at), drawing->y,
		(double)length / drawing->picture->row * WIDTH, BAR);
	print_label(drawing, region, length);
	fputs("</g>\n", drawing->stream);
}

static void draw_region(struct drawing *drawing, const struct picture_region *region)
{
	uint64_t size = region->end - region->start, length;

	for (uint64_t offset = 0; offset < size; offset += length) {
		if (drawing->at == drawing->picture->row)
			begin_row(drawing, region->start + offset);
		length = MIN(size - offset, drawing->picture->row - drawing->at);
		draw_piece(drawing, region, offset, length);
		drawing->at += length;
	}
}

/*
 * What is left out
 */

static void draw_gap(struct drawing *drawing, uint64_t start, uint64_t end)
{
	char text[AMOUNT_TEXT];

	amount_format(end - start, text, sizeof(text));
	drawing->left_out += end - start;
	drawing->gaps++;
	if (end - start >= drawing->gap_least) {
		drawing->y += ROW;
		fprintf(drawing->stream,
			"<path class='gap' d='M%d %d h%d'/><text class='gap' x='%d' y='%d'>%s left out</text>\n",
			LEFT, drawing->y + BAR / 2, WIDTH, LEFT + WIDTH / 2,
			drawing->y + BAR / 2 + 4, text);
		begin_row(drawing, end);
		return;
	}
	fprintf(drawing->stream, "<path class='notch' d='M%.2f %d l-3 -4 h6 z'><title>%s left out</title></path>\n",
		x_of(drawing, drawing->at), drawing->y, text);
}

static void add_total(struct drawing *drawing, const struct picture_region *region)
{
	struct total *total = &drawing->totals[kind_of(region)];
	uint64_t page = drawing->picture->page;

	total->regions++;
	total->size += region->end - region->start;
	for (size_t i = 0; region->cells && i < picture_cells(drawing->picture, region); i++) {
		total->data += region->cells[i].data * page;
		total->zero += region->cells[i].zero * page;
		total->swapped += region->cells[i].swapped * page;
	}
}

static void draw_regions(struct drawing *drawing)
{
	const struct picture *picture = drawing->picture;
	size_t i = next_drawn(picture, 0), next;

	if (i < picture->count)
		begin_row(drawing, picture->regions[i].start);
	for (; i < picture->count; i = next) {
		const struct picture_region *region = &picture->regions[i];

		draw_region(drawing, region);
		next = next_drawn(picture, i + 1);
		if (next < picture->count && picture->regions[next].start > region->end)
			draw_gap(drawing, region->end, picture->regions[next].start);
	}
	for (i = 0; i < picture->count; i++)
		add_total(drawing, &picture->regions[i]);
}

/*
 * The legend
 */

static void print_cell(const struct drawing *drawing, int x, const char *text)
{
	fprintf(drawing->stream, "<text class='number' x='%d' y='%d'>%s</text>\n", x,
		drawing->y, text);
}

static void print_amount(const struct drawing *drawing, int x, uint64_t bytes)
{
	char text[AMOUNT_TEXT];

	print_cell(drawing, x, bytes ? amount_format(bytes, text, sizeof(text)) : "-");
}

static void print_kind(struct drawing *drawing, size_t kind)
{
	const struct total *total = &drawing->totals[kind];
	char count[24];

	if (total->regions == 0)
		return;
	fprintf(drawing->stream, "<rect class='%sd' x='%d' y='%d' width='14' height='13'/>"
		"<rect class='%sz' x='%d' y='%d' width='14' height='13'/>"
		"<rect class='%s' x='%d' y='%d' width='14' height='13'/>",
		kinds[kind].class, LEFT, drawing->y - 11, kinds[kind].class, LEFT + 14,
		drawing->y - 11, kinds[kind].class, LEFT + 28, drawing->y - 11);
	fprintf(drawing->stream, "<text class='kind' x='%d' y='%d'>%s</text>\n", LEFT + 52,
		drawing->y, kinds[kind].text);
	snprintf(count, sizeof(count), "%zu", total->regions);
	print_cell(drawing, LEFT + 360, count);
	print_amount(drawing, LEFT + 460, total->size);
	print_amount(drawing, LEFT + 560, total->data);
	print_amount(drawing, LEFT + 660, total->zero);
	print_amount(drawing, LEFT + 760, total->swapped);
	drawing->y += LEGEND_LINE;
}

static void print_note(struct drawing *drawing, const char *text)
{
	fprintf(drawing->stream, "<text class='note' x='%d' y='%d'>%s</text>\n", LEFT,
		drawing->y, text);
	drawing->y += LEGEND_LINE;
}

static bool is_known(const struct picture *picture)
{
	for (size_t i = 0; i < picture->count; i++) {
		if (picture->regions[i].cells)
			return true;
	}
	return false;
}

static void print_notes(struct drawing *drawing)
{
	char text[160], row[AMOUNT_TEXT], left_out[AMOUNT_TEXT];

	amount_format(drawing->picture->row, row, sizeof(row));
	amount_format(drawing->left_out, left_out, sizeof(left_out));
	snprintf(text, sizeof(text), "A row is %s. Left out, where marked: %s in %zu gaps, unmapped or reserved without access.",
		 row, left_out, drawing->gaps);
	if (!is_known(drawing->picture))
		print_note(drawing, "Which pages are in memory could not be found out.");
	print_note(drawing, "Of each colour: pages with data, pages that are all zeros, and pages that are not in memory.");
	print_note(drawing, "The fuller a column, the more of it is in memory; black is swapped out. A line below: shared memory.");
	print_note(drawing, text);
}

static void draw_legend(struct drawing *drawing)
{
	static const char *const heads[] = { "regions", "size", "data", "zeros", "swapped" };

	drawing->y += ROW + LEGEND_LINE + 8;
	for (size_t i = 0; i < sizeof(heads) / sizeof(heads[0]); i++)
		print_cell(drawing, LEFT + 360 + 100 * i, heads[i]);
	drawing->y += LEGEND_LINE;
	for (size_t i = 0; i < KINDS; i++)
		print_kind(drawing, i);
	drawing->y += 6;
	print_notes(drawing);
}

static void print_style(FILE *stream)
{
	fputs("<style>\n"
	      "text { font: 11px 'DejaVu Sans', sans-serif; fill: #222 }\n"
	      ".title { font-size: 16px; font-weight: bold }\n"
	      ".address { font-family: 'DejaVu Sans Mono', monospace; text-anchor: end; fill: #555 }\n"
	      ".kind { font-family: 'DejaVu Sans Mono', monospace; white-space: pre }\n"
	      ".number { text-anchor: end }\n"
	      ".name { font-size: 10px; paint-order: stroke; stroke: #fff; stroke-width: 2.5px; stroke-opacity: 0.85 }\n"
	      ".edge { fill: none; stroke: #444; stroke-width: 0.35 }\n"
	      ".shared, .swap { fill: #111 }\n"
	      "path.gap { stroke: #aaa; stroke-dasharray: 3 4 }\n"
	      "text.gap { text-anchor: middle; fill: #666; paint-order: stroke; stroke: #fff; stroke-width: 8px }\n"
	      ".notch { fill: #888 }\n", stream);
	for (size_t i = 0; i < KINDS; i++)
		fprintf(stream, ".%s { fill: %s }\n.%sd { fill: %s }\n.%sz { fill: %s; fill-opacity: 0.5 }\n",
			kinds[i].class, kinds[i].pale, kinds[i].class, kinds[i].dark,
			kinds[i].class, kinds[i].dark);
	fputs("</style>\n", stream);
}

static void print_head(const struct drawing *drawing, FILE *stream)
{
	int width = LEFT + WIDTH + RIGHT;

	fprintf(stream, "<?xml version='1.0' encoding='UTF-8'?>\n"
		"<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' viewBox='0 0 %d %d'>\n",
		width, drawing->y, width, drawing->y);
	print_style(stream);
	fprintf(stream, "<rect width='%d' height='%d' fill='#fff'/>\n<text class='title' x='%d' y='30'>",
		width, drawing->y, LEFT);
	xml_write(stream, drawing->picture->title, strlen(drawing->picture->title));
	fputs("</text>\n", stream);
}

/* The height, which comes first, is known when all is drawn. */
int picture_write(const struct picture *picture, FILE *stream)
{
	struct drawing drawing = { .picture = picture, .y = HEAD - ROW };
	size_t length;
	char *body;

	drawing.stream = open_memstream(&body, &length);
	if (!drawing.stream)
		return -1;
	drawing.gap_least = find_gap_least(picture);
	draw_regions(&drawing);
	draw_legend(&drawing);
	if (fclose(drawing.stream) != 0) {
		free(body);
		return -1;
	}
	print_head(&drawing, stream);
	fwrite(body, 1, length, stream);
	fputs("</svg>\n", stream);
	free(body);
	return ferror(stream) ? -1 : 0;
}
