// SPDX-License-Identifier: LGPL-2.1-or-later
/*
 * What cffi cannot make, an object whose memory is a buffer: the base of memrw.Window.
 * Like that of an mmap it is not let go of while anyone has a view of it.
 */

#include <Python.h>

/*
 * struct memory - @exports views of @length bytes at @data
 *
 * The interpreter's lock guards it.  @data is NULL before memory_attach() and after
 * memory_detach().
 */
struct memory {
	PyObject_HEAD
	void *data;
	Py_ssize_t length;
	Py_ssize_t exports;
	int read_only;
};

static int memory_get_buffer(PyObject *self, Py_buffer *view, int flags)
{
	struct memory *memory = (struct memory *)self;

	if (!memory->data) {
		view->obj = NULL;
		PyErr_SetString(PyExc_BufferError, "the window is closed");
		return -1;
	}
	if (PyBuffer_FillInfo(view, self, memory->data, memory->length,
			      memory->read_only, flags) < 0)
		return -1;
	memory->exports++;
	return 0;
}

static void memory_release_buffer(PyObject *self, Py_buffer *view)
{
	(void)view;
	((struct memory *)self)->exports--;
}

static PyObject *memory_attach(PyObject *self, PyObject *args)
{
	struct memory *memory = (struct memory *)self;
	unsigned long long address;
	Py_ssize_t length;
	int read_only;

	if (!PyArg_ParseTuple(args, "Knp", &address, &length, &read_only))
		return NULL;
	if (memory->data) {
		PyErr_SetString(PyExc_BufferError, "the window is open");
		return NULL;
	}
	memory->data = (void *)(uintptr_t)address;
	memory->length = length;
	memory->read_only = read_only;
	return Py_NewRef(Py_None);
}

static PyObject *memory_detach(PyObject *self, PyObject *unused)
{
	struct memory *memory = (struct memory *)self;

	(void)unused;
	if (memory->exports > 0) {
		PyErr_SetString(PyExc_BufferError,
				"the window cannot be closed while there are views of it");
		return NULL;
	}
	memory->data = NULL;
	return Py_NewRef(Py_None);
}

static PyMethodDef memory_methods[] = {
	{ "_attach", memory_attach, METH_VARARGS, "_attach(address, length, read_only)" },
	{ "_detach", memory_detach, METH_NOARGS, "_detach()" },
	{ NULL, NULL, 0, NULL },
};

static PyType_Slot memory_slots[] = {
	{ Py_tp_doc, "Memory that others may have views of." },
	{ Py_tp_methods, memory_methods },
	{ Py_bf_getbuffer, memory_get_buffer },
	{ Py_bf_releasebuffer, memory_release_buffer },
	{ 0, NULL },
};

static PyType_Spec memory_spec = {
	.name = "memrw._memory.Memory",
	.basicsize = sizeof(struct memory),
	.flags = Py_TPFLAGS_DEFAULT | Py_TPFLAGS_BASETYPE,
	.slots = memory_slots,
};

static int module_exec(PyObject *module)
{
	PyObject *type = PyType_FromModuleAndSpec(module, &memory_spec, NULL);
	int result = type ? PyModule_AddType(module, (PyTypeObject *)type) : -1;

	Py_XDECREF(type);
	return result;
}

static PyModuleDef_Slot module_slots[] = {
	{ Py_mod_exec, module_exec },
	{ 0, NULL },
};

static struct PyModuleDef module = {
	PyModuleDef_HEAD_INIT,
	.m_name = "memrw._memory",
	.m_slots = module_slots,
};

PyMODINIT_FUNC PyInit__memory(void)
{
	return PyModuleDef_Init(&module);
}
