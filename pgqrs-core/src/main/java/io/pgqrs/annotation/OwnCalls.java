package io.pgqrs.annotation;

import java.lang.reflect.Method;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import io.pgqrs.workflow.WorkflowContext;
import org.jspecify.annotations.Nullable;

import org.springframework.asm.ClassVisitor;
import org.springframework.asm.Handle;
import org.springframework.asm.MethodVisitor;
import org.springframework.asm.Opcodes;
import org.springframework.asm.SpringAsmInfo;
import org.springframework.asm.Type;
import org.springframework.util.StringUtils;

/**
 * Reads from class files what the methods of a class call on its own type, and whether
 * they come by a reference to it other than {@code this}.
 */
final class OwnCalls extends ClassVisitor {

	private static final String CONTEXT = Type.getInternalName(WorkflowContext.class);

	private final String type;

	private final Set<String> ownTypes;

	private final Map<Member, Body> bodies = new LinkedHashMap<>();

	private String owner = "";

	/**
	 * Reads nothing yet.
	 * @param type the class, where virtual calls arrive
	 * @param ownTypes the class, and those of its superclasses and interfaces whose
	 * references count
	 */
	OwnCalls(Class<?> type, Stream<Class<?>> ownTypes) {
		super(SpringAsmInfo.ASM_VERSION);
		this.type = Type.getInternalName(type);
		this.ownTypes = ownTypes.map(Type::getInternalName).collect(Collectors.toSet());
	}

	/** What the methods call that were read. */
	Map<Member, Body> bodies() {
		return this.bodies;
	}

	@Override
	public void visit(int version, int access, String name, @Nullable String signature, @Nullable String superName,
			String @Nullable [] interfaces) {
		this.owner = name;
	}

	@Override
	public MethodVisitor visitMethod(int access, String name, String descriptor, @Nullable String signature,
			String @Nullable [] exceptions) {
		Body body = new Body(access);
		this.bodies.put(new Member(this.owner, name, descriptor), body);
		Calls calls = new Calls(body);
		Stream.of(Type.getArgumentTypes(descriptor)).forEach(calls::reference);
		return calls;
	}

	/**
	 * A method. That of a call is where the search for it begins, from subclass to
	 * superclass.
	 *
	 * @param owner its class
	 * @param name its name
	 * @param descriptor its parameters and result
	 */
	record Member(String owner, String name, String descriptor) {

		static Member of(Method method) {
			return new Member(Type.getInternalName(method.getDeclaringClass()), method.getName(),
					Type.getMethodDescriptor(method));
		}

		Member in(Class<?> type) {
			return new Member(Type.getInternalName(type), this.name, this.descriptor);
		}

		boolean hasSignatureOf(Member other) {
			return this.name.equals(other.name) && this.descriptor.equals(other.descriptor);
		}

		/** For messages. */
		@Override
		public String toString() {
			return this.name + Stream.of(Type.getArgumentTypes(this.descriptor))
				.map((type) -> StringUtils.unqualify(type.getClassName().replace('$', '.')))
				.collect(Collectors.joining(", ", "(", ")"));
		}

	}

	/** What a method does. */
	static final class Body {

		static final Body UNKNOWN = new Body(0);

		private final int access;

		private final Set<Member> calls = new LinkedHashSet<>();

		private boolean ownReference;

		private Body(int access) {
			this.access = access;
		}

		/** What it calls. */
		Set<Member> calls() {
			return this.calls;
		}

		/**
		 * Whether it comes by a reference to the own type other than {@code this}, which
		 * may be that of the proxy.
		 */
		boolean hasOwnReference() {
			return this.ownReference;
		}

		boolean isSynthetic() {
			return (this.access & Opcodes.ACC_SYNTHETIC) != 0;
		}

		boolean isPrivate() {
			return (this.access & Opcodes.ACC_PRIVATE) != 0;
		}

	}

	/** Reads a method. A lambda or method reference is called where it is made. */
	private final class Calls extends MethodVisitor {

		private final Body body;

		private @Nullable Member lambda;

		Calls(Body body) {
			super(SpringAsmInfo.ASM_VERSION);
			this.body = body;
		}

		private void reference(Type referenced) {
			this.body.ownReference |= referenced.getSort() == Type.OBJECT
					&& OwnCalls.this.ownTypes.contains(referenced.getInternalName());
		}

		@Override
		public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... arguments) {
			addLambda();
			for (Object argument : arguments) {
				if (argument instanceof Handle handle && OwnCalls.this.ownTypes.contains(handle.getOwner())) {
					boolean virtual = handle.getTag() == Opcodes.H_INVOKEVIRTUAL
							|| handle.getTag() == Opcodes.H_INVOKEINTERFACE;
					// Not bound to an object: it will be called on another one.
					this.body.ownReference |= virtual && Type.getArgumentCount(descriptor) == 0;
					this.lambda = called(virtual, handle.getOwner(), handle.getName(), handle.getDesc());
				}
			}
		}

		@Override
		public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean isInterface) {
			// What is made to be the body of a step is remembered with it.
			if (owner.equals(CONTEXT) && (name.equals("step") || name.equals("transactionalStep"))) {
				this.lambda = null;
			}
			addLambda();
			reference(Type.getReturnType(descriptor));
			if (OwnCalls.this.ownTypes.contains(owner)) {
				boolean virtual = opcode == Opcodes.INVOKEVIRTUAL || opcode == Opcodes.INVOKEINTERFACE;
				this.body.calls.add(called(virtual, owner, name, descriptor));
			}
		}

		@Override
		public void visitEnd() {
			addLambda();
		}

		private void addLambda() {
			if (this.lambda != null) {
				this.body.calls.add(this.lambda);
				this.lambda = null;
			}
		}

		private Member called(boolean virtual, String owner, String name, String descriptor) {
			return new Member(virtual ? OwnCalls.this.type : owner, name, descriptor);
		}

		@Override
		public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
			reference(Type.getType(descriptor));
		}

		@Override
		public void visitTypeInsn(int opcode, String type) {
			if (opcode == Opcodes.CHECKCAST) {
				reference(Type.getObjectType(type));
			}
		}

	}

}
