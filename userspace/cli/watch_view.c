// SPDX-License-Identifier: GPL-2.0-only

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "json.h"
#include "registers.h"
#include "report.h"
#include "value_text.h"
#include "watch_view.h"
#include "word.h"

static int fail(void)
{
	report("watch", "%s", strerror(errno));
	return -1;
}

int watch_view_open(struct watch_view *view)
{
	view->places = code_places_open(view->target);
	view->instructions.target = view->target;
	view->instructions.places = view->places;
	view->instructions.kind = view->kind;
	return view->places ? 0 : fail();
}

void watch_view_close(struct watch_view *view)
{
	instructions_clear(&view->instructions);
	code_places_close(view->places);
	view->places = NULL;
}

static double time_of(const struct watch_view *view, const struct memrw_hit *hit)
{
	return (hit->time - view->start) / (double)SECOND;
}

/*
 * Text
 */

static void print_value(const struct watch_view *view, uint64_t word)
{
	char bytes[sizeof(word)];

	word_to_bytes(word, bytes, memrw_type_size(view->type));
	value_print(view->type, bytes);
}

/* What an instruction does to itself is nothing. */
static bool has_value(const struct watch_view *view, bool known)
{
	if (view->kind == MEMRW_WATCH_EXECUTE)
		putchar('-');
	else if (!known)
		putchar('?');
	return view->kind != MEMRW_WATCH_EXECUTE && known;
}

static void print_symbol(const struct code_place *place, bool kernel)
{
	if (place)
		code_place_print_symbol(place);
	if (kernel)
		fputs(place && place->symbol ? " (kernel)" : "(kernel)", stdout);
}

static void print_place(const struct instruction *instruction)
{
	if (instruction->place)
		code_place_print(instruction->place);
	else
		printf("0x%" PRIx64, instruction->ip);
	putchar('\t');
	print_symbol(instruction->place, instruction->kernel);
}

static void print_caller(const struct watch_view *view, uint64_t address)
{
	const struct code_place *place = code_places_find(view->places, address, true);

	if (!place)
		return;
	fputs("\tby ", stdout);
	code_place_print(place);
	putchar('\t');
	code_place_print_symbol(place);
	putchar('\n');
}

static void print_registers(const struct memrw_hit *hit)
{
	const char *name;

	for (uint32_t i = 0; i < hit->nr_registers; i++) {
		name = registers_name(hit->architecture, i);
		if (name)
			printf("\t%s=0x%" PRIx64, name, hit->registers[i]);
	}
	putchar('\n');
}

static void print_hit(const struct watch_view *view, const struct memrw_hit *hit,
		      const struct instruction *instruction)
{
	printf("%.6f\t%d\t", time_of(view, hit), hit->tid);
	if (has_value(view, !(hit->flags & MEMRW_HIT_NO_VALUE))) {
		print_value(view, hit->before);
		fputs(" -> ", stdout);
		print_value(view, hit->value);
	}
	putchar('\t');
	print_place(instruction);
	putchar('\n');
	for (uint32_t i = 0; view->callers && i < hit->nr_callers; i++)
		print_caller(view, hit->callers[i]);
	if (view->registers && hit->nr_registers)
		print_registers(hit);
}

/*
 * JSON
 */

static json_t *value_json(const struct watch_view *view, bool known, uint64_t word)
{
	char bytes[sizeof(word)];

	if (!known || view->kind == MEMRW_WATCH_EXECUTE)
		return json_null();
	word_to_bytes(word, bytes, memrw_type_size(view->type));
	return json_value(view->type, bytes);
}

static json_t *instruction_place_json(const struct instruction *instruction)
{
	return instruction->place ? code_place_json(instruction->place) :
				    json_pack("{s:o}", "ip", json_address(instruction->ip));
}

static json_t *callers_json(const struct watch_view *view, const struct memrw_hit *hit)
{
	json_t *callers = json_array();

	for (uint32_t i = 0; i < hit->nr_callers; i++) {
		const struct code_place *place =
			code_places_find(view->places, hit->callers[i], true);

		if (place)
			json_array_append_new(callers, code_place_json(place));
	}
	return callers;
}

static json_t *registers_json(const struct memrw_hit *hit)
{
	json_t *registers = json_object();
	const char *name;

	for (uint32_t i = 0; i < hit->nr_registers; i++) {
		name = registers_name(hit->architecture, i);
		if (name)
			json_object_set_new(registers, name, json_address(hit->registers[i]));
	}
	return registers;
}

static json_t *hit_json(const struct watch_view *view, const struct memrw_hit *hit,
			const struct instruction *instruction)
{
	bool known = !(hit->flags & MEMRW_HIT_NO_VALUE);
	json_t *object, *place = instruction_place_json(instruction);

	object = json_pack("{s:f,s:i,s:o,s:o,s:b,s:I,s:o*,s:o*}", "time", time_of(view, hit),
			   "tid", (int)hit->tid,
			   "before", value_json(view, known, hit->before),
			   "value", value_json(view, known, hit->value),
			   "kernel", instruction->kernel, "lost", (json_int_t)hit->lost,
			   "callers", view->callers ? callers_json(view, hit) : NULL,
			   "registers", view->registers ? registers_json(hit) : NULL);
	json_object_update(object, place);
	json_decref(place);
	return object;
}

static json_t *disassembly_json(const struct instruction *instruction)
{
	if (!instruction->disassembled)
		return NULL;
	return json_pack("{s:o,s:s}", "address",
			 json_address(instruction->disassembly.address),
			 "text", instruction->disassembly.text);
}

static json_t *instruction_json(const struct watch_view *view,
				const struct instruction *instruction)
{
	json_t *object = instruction_place_json(instruction);
	json_t *seen = json_pack("{s:I,s:b,s:o,s:o*}", "count", (json_int_t)instruction->count,
				 "kernel", instruction->kernel,
				 "value", value_json(view, instruction->known,
						     instruction->value),
				 "instruction", disassembly_json(instruction));

	json_object_update(object, seen);
	json_decref(seen);
	return object;
}

static int end_json(const struct watch_view *view, const char *why)
{
	const struct instructions *instructions = &view->instructions;
	json_t *list = json_array();

	for (size_t i = 0; i < instructions->count; i++)
		json_array_append_new(list, instruction_json(view, instructions->list[i]));
	return json_print_line(json_pack("{s:s,s:I,s:I,s:o}", "end", why,
					 "hits", (json_int_t)instructions->hits,
					 "lost", (json_int_t)view->lost,
					 "instructions", list));
}

/*
 * Hits
 */

static const char *kind_name(enum memrw_watch_kind kind)
{
	switch (kind) {
	case MEMRW_WATCH_WRITE:
		return "w";
	case MEMRW_WATCH_READ_WRITE:
		return "rw";
	default:
		return "x";
	}
}

int watch_view_head(const struct watch_view *view)
{
	json_t *head;

	if (!view->json)
		return 0;
	head = json_target(view->target);
	json_object_set_new(head, "address", json_address(view->address));
	json_object_set_new(head, "access", json_string(kind_name(view->kind)));
	if (view->kind != MEMRW_WATCH_EXECUTE)
		json_object_set_new(head, "type", json_string(memrw_type_name(view->type)));
	return json_print_line(head);
}

void watch_view_lost(struct watch_view *view, uint64_t lost)
{
	view->lost += lost;
	if (lost > 0 && !view->json)
		report("watch", lost == 1 ? "%" PRIu64 " hit lost" : "%" PRIu64 " hits lost",
		       lost);
}

int watch_view_hit(struct watch_view *view, const struct memrw_hit *hit)
{
	const struct instruction *instruction = instructions_add(&view->instructions, hit);

	if (!instruction)
		return fail();
	watch_view_lost(view, hit->lost);
	if (view->summary)
		return 0;
	if (view->json)
		return json_print_line(hit_json(view, hit, instruction));
	print_hit(view, hit, instruction);
	return 0;
}

/*
 * The summary
 */

/* Where it is, which its hits need not tell, and what it does. */
static void print_disassembly(const struct watch_view *view,
			      const struct instruction *instruction)
{
	const struct disassembly *disassembly = &instruction->disassembly;
	const struct code_place *place;

	if (!instruction->disassembled)
		return;
	place = code_places_find(view->places, disassembly->address, false);
	putchar('\t');
	if (place)
		code_place_print(place);
	printf(": %s", disassembly->text);
}

static void print_instruction(const struct watch_view *view,
			      const struct instruction *instruction)
{
	printf("%" PRIu64 "\t%.1f%%\t", instruction->count,
	       100.0 * instruction->count / view->instructions.hits);
	print_place(instruction);
	putchar('\t');
	if (has_value(view, instruction->known))
		print_value(view, instruction->value);
	print_disassembly(view, instruction);
	putchar('\n');
}

int watch_view_end(struct watch_view *view, const char *why)
{
	const struct instructions *instructions = &view->instructions;

	instructions_sort(&view->instructions);
	if (view->json)
		return end_json(view, why);
	for (size_t i = 0; view->summary && i < instructions->count; i++)
		print_instruction(view, instructions->list[i]);
	return 0;
}
